//! What the examples of migrations say.

use super::{code_and_text, entry};

const USERS: &str = "-- migrate: irreversible\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);";
const UPPER: &str = "-- migrate: irreversible\nUPDATE users SET name = upper(name);";

/// Tries a migration over users with an example; none of its files where the text is empty.
fn tried(given: &str, then: &str) -> (Vec<&'static str>, String) {
    let files = [("0001_m.sql", USERS), ("0002_m.sql", UPPER), ("0002_m.given.sql", given), ("0002_m.then.sql", then)];
    code_and_text(
        files.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| entry(name, text)).collect(),
    )
}

#[test]
fn only_the_rows_that_are_given_are_there() {
    let given =
        "INSERT INTO users VALUES (1, 'Ada'); WITH a (b) AS (VALUES ('Bob')) INSERT INTO users (name) SELECT b FROM a";
    let then = "SELECT * FROM users WHERE name NOT IN ('ADA', 'BOB'); SELECT count(*) FROM users HAVING count(*) != 2";
    assert_eq!(tried(given, then), (vec![], String::new()));
    assert_eq!(tried("", "SELECT * FROM users"), (vec![], String::new()));
}

#[test]
fn a_few_rows_are_shown_and_the_others_counted() {
    let given = "INSERT INTO users (name) VALUES ('O''Brien'), ('line\nline'), (NULL), (x'00ff'), ('e')";
    let (codes, text) = tried(given, "SELECT id, name AS who FROM users");
    assert_eq!(codes, ["M408"]);
    for says in ["returns 5 rows", "id = 1", "who = 'O''BRIEN'", "who = 'LINE\\nLINE'", "who = NULL", "and 2 more"] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.contains("id = 4"), "{text}");
}

#[test]
fn every_query_that_fails_is_told() {
    let then = "SELECT 1; SELECT nothing FROM users; VALUES (2); UPDATE users SET name = 'a' RETURNING id; PRAGMA user_version = 1";
    let (mut codes, text) = tried("", then);
    codes.sort_unstable();
    assert_eq!(codes, ["M104", "M406", "M407", "M408", "M408"], "{text}");
}

#[test]
fn what_gives_no_rows_is_not_given() {
    for other in [
        "CREATE TABLE a (b)",
        "DROP TABLE users",
        "ALTER TABLE users ADD COLUMN a",
        "SELECT 1",
        "WITH a AS (SELECT 1) SELECT * FROM a",
    ] {
        assert_eq!(tried(other, "SELECT 1 WHERE 0").0, ["M403"], "{other}");
    }
    for (denied, code) in [
        ("COMMIT", "M102"),
        ("ATTACH 'a' AS a", "M103"),
        ("PRAGMA user_version = 1", "M104"),
        ("INSERT INTO user VALUES (1)", "M404"),
        ("INSRT INTO users VALUES (1)", "M404"),
    ] {
        assert_eq!(tried(denied, "SELECT 1 WHERE 0").0, [code], "{denied}");
    }
}

#[test]
fn an_example_counts_in_no_digest() {
    use devilmcp_migrate_core::problem::Problems;
    use devilmcp_migrate_core::sequence::Sequence;

    let history = |files: &[(&str, &str)]| {
        let mut problems = Problems::new();
        let entries = files.iter().map(|(name, text)| entry(name, text)).collect();
        let sequence = Sequence::new(entries, "migrations", &mut problems).unwrap();
        assert!(problems.finish().is_empty());
        sequence.scripts()[0].history
    };
    let with = [("0001_m.sql", USERS), ("0001_m.then.sql", "SELECT * FROM users")];
    assert_eq!(history(&with), history(&with[..1]));
}
