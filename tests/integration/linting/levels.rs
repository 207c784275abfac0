//! How loud the lints are.

use devilmcp_migrate_core::lint::{Level, Levels, Lint};

use super::{problems_of, said};

/// Everything that a lint can find, but for those of whole directories.
const ALL: &[&str] = &[
    "CREATE TABLE users (id INTEGER PRIMARY KEY, name STRING);",
    "CREATE TABLE \"order\" (user_id INTEGER REFERENCES users (id), a TEXT, b TEXT);",
    "CREATE INDEX i ON \"order\" (a); CREATE INDEX j ON \"order\" (a); CREATE INDEX k ON \"order\" (a, b);",
    "CREATE TABLE IF NOT EXISTS users (a); INSERT INTO users (name) VALUES (random());",
];

#[test]
fn by_default_only_mistakes_are_said_and_stop_nothing() {
    let found = problems_of(0, Levels::default(), ALL);
    assert!(found.iter().all(|problem| !problem.is_error()));
    let codes: Vec<&str> = found.iter().map(|problem| problem.rule.code).collect();
    assert_eq!(codes, ["M306", "M303", "M309"]);
    assert!(problems_of(0, Levels::SILENT, ALL).is_empty());
}

#[test]
fn each_lint_is_as_loud_as_it_is_told_to_be() {
    for lint in Lint::ALL.into_iter().filter(|lint| ![Lint::MissingDown, Lint::StaleDeclaration].contains(lint)) {
        let warned = problems_of(0, Levels::SILENT.with(lint, Level::Warn), ALL);
        assert!(!warned.is_empty() && warned.iter().all(|problem| !problem.is_error()), "{lint:?}");
        let silenced: Vec<String> =
            ALL.iter().map(|up| format!("-- migrate: allow({}) a test\n{up}", lint.name())).collect();
        let silenced: Vec<&str> = silenced.iter().map(String::as_str).collect();
        assert!(problems_of(0, Levels::SILENT.with(lint, Level::Deny), &silenced).is_empty(), "{lint:?}");
    }
}

#[test]
fn problems_come_in_the_order_of_the_migrations() {
    let levels = Lint::ALL.into_iter().fold(Levels::default(), |levels, lint| levels.with(lint, Level::Warn));
    let found: Vec<String> = problems_of(0, levels, ALL).iter().map(said).collect();
    assert!(found.len() >= 9 && found.is_sorted_by_key(|said| said[..4].to_owned()), "{found:?}");
}
