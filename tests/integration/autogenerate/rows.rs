//! What `diff` says of rows that are there, and what it keeps of what a person has written.

use serde_json::json;

use super::verb::Crate;
use crate::authoring;

/// A directory whose only table is this one.
fn of(table: &str) -> Crate {
    let made = Crate::empty();
    made.write("0001_t.sql", &format!("{table};\n"));
    made.write("0001_t.down.sql", "DROP TABLE t;\n");
    made
}

#[test]
fn what_rows_may_suffer_is_said_and_stands_in_the_file() {
    let cases = [
        ("(a TEXT)", "(a INTEGER)", "in `t.a`, text that looks like a number becomes one, and '007' becomes 7"),
        (
            "(a INTEGER)",
            "(a REAL)",
            "in `t.a`, whole numbers become floating point numbers, which are not exact beyond 2^53",
        ),
        ("(a NUMERIC)", "(a TEXT)", "in `t.a`, numbers become text, and '10' comes before '9'"),
        ("(a INTEGER)", "(a INTEGER) STRICT", "a value in `t.a` that is no INTEGER stops it"),
        ("(a, b)", "(a NOT NULL, b)", "a row without a value in `t.a` stops it"),
        ("(a, b)", "(a, b CHECK (b > a))", "a row of `t` that breaks CHECK (b > a) stops it"),
        ("(a, b)", "(a, b, UNIQUE (b, a))", "two rows of `t` that are alike in UNIQUE (b, a) stop it"),
        (
            "(a, b)",
            "(a REFERENCES t (b), b UNIQUE)",
            "a row of `t` that refers to nothing stops it: FOREIGN KEY (a) REFERENCES t (b)",
        ),
    ];
    for (from, to, risk) in cases {
        let made = of(&format!("CREATE TABLE t {from}"));
        made.declare(&format!("CREATE TABLE t {to};\n"));
        let hazards =
            ["not_null_violation", "check_violation", "unique_violation", "type_violation", "foreign_key_violation"];
        let mut call = vec!["diff", "--json", "--reason", "it was looked at"];
        call.extend(hazards.iter().flat_map(|hazard| ["--allow", hazard]));
        let answer = made.run(&call).json(0);
        let warnings = answer["warnings"].as_array().unwrap();
        assert!(warnings.contains(&json!(risk)), "{from} -> {to}: {answer}");
        let up = answer["up"]["text"].as_str().unwrap();
        assert!(up.contains(&format!("\n-- Note: {risk}.\n")), "{up}");
    }
}

#[test]
fn what_rows_cannot_suffer_is_not_spoken_of() {
    let cases = [
        ("(a VARCHAR(10))", "(a VARCHAR(5))"),
        ("(a INTEGER PRIMARY KEY, b)", "(a INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, b)"),
        ("(a PRIMARY KEY, b NOT NULL)", "(a UNIQUE, b)"),
        ("(a INT, b TEXT) STRICT", "(a INTEGER, b ANY) STRICT"),
        ("(a INT, b REAL) STRICT", "(b REAL, a INT)"),
        ("(a UNIQUE, b REFERENCES t (a))", "(a UNIQUE, b REFERENCES t (a) ON DELETE CASCADE)"),
        ("(a, b CONSTRAINT c CHECK (b > 0))", "(a, b CONSTRAINT d CHECK (b > 0))"),
    ];
    for (from, to) in cases {
        let made = of(&format!("CREATE TABLE t {from}"));
        made.declare(&format!("CREATE TABLE t {to};\n"));
        let answer = made.run(&["diff", "--print", "--json", "--reorder"]).json(0);
        assert_eq!(answer["warnings"], json!([]), "{from} -> {to}");
    }
}

#[test]
fn what_is_written_is_followed_by_what_to_think_of() {
    let made = of("CREATE TABLE t (a TEXT)");
    made.declare("CREATE TABLE t (a INTEGER);\n");
    let said = made.run(&["diff"]).done();
    let list = "what to think of where there are rows:\n  in `t.a`, text that looks like a number becomes one, and '007' becomes 7\n";
    assert!(said.contains(list), "{said}");
    // The way back says it, too.
    assert!(made.read("0002_change_t.down.sql").contains("-- Note: in `t.a`, numbers become text"));
}

#[test]
fn a_column_that_is_new_is_added_behind_the_others_with_its_comments() {
    let made = Crate::new();
    let declared = "CREATE TABLE notes (\n    id INTEGER PRIMARY KEY AUTOINCREMENT,\n    body TEXT,\n    -- From 1 to 5.\n    \
        rank INTEGER NOT NULL DEFAULT 3, -- 3 is usual\n    tag TEXT\n);\n";
    made.declare(declared);
    let reordered = made.run(&["diff", "--print", "--reorder"]).done();
    assert!(reordered.contains("-- notes is made anew: rank is new.\n"), "{reordered}");
    let said = made.run(&["diff", "-m", "rank"]);
    assert!(said.code == 0 && said.stderr.contains("[M133]") && said.stderr.contains("--reorder"), "{}", said.stderr);
    let definition = "rank /* From 1 to 5. */ /* 3 is usual */ INTEGER NOT NULL DEFAULT 3";
    assert_eq!(
        made.read("0002_rank.sql"),
        format!("-- Note: rank stands last, and is declared before tag.\nALTER TABLE notes ADD COLUMN {definition};\n")
    );
    assert_eq!(made.read("0002_rank.down.sql"), "ALTER TABLE notes DROP COLUMN rank;\n");
    assert_eq!(made.run(&["diff"]).stdout, "the migrations make what schema.sql declares\n");
    assert!(made.run(&["schema", "--format", "sql"]).stdout.contains(definition));
    // Where it goes, the way back brings it back to its place.
    made.declare(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, tag TEXT, rank INTEGER NOT NULL DEFAULT 3);\n",
    );
    made.run(&["diff", "-m", "no body", "--reason", "nobody reads it"]).done();
    let down = made.read("0003_no_body.down.sql");
    assert!(down.contains("    body TEXT, ") || down.contains("body TEXT, tag TEXT"), "{down}");
    assert_eq!(made.run(&["check"]).code, 0);
}

#[test]
fn a_comment_above_a_statement_goes_with_it() {
    let made = of("CREATE TABLE t (a TEXT)");
    made.declare(
        "-- About the file.\n\n-- Not of another one.\n-- migrate: renamed_from(t)\n/* Counted. */\nCREATE TABLE u (a INTEGER);\n\
         CREATE TABLE w (b); -- beside\n-- Everything.\nCREATE VIEW v AS SELECT a FROM u;\n",
    );
    made.run(&["diff"]).done();
    let up = made.read("0002_change_schema.sql");
    assert!(up.contains("\n\n-- Not of another one.\n/* Counted. */\nCREATE TABLE u (a INTEGER);\n"), "{up}");
    assert!(up.contains("\n\nCREATE TABLE w (b);\n\n-- Everything.\nCREATE VIEW v AS"), "{up}");
    assert!(!up.contains("the file") && !up.contains("renamed_from"), "{up}");
    assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
}

#[test]
fn a_hint_that_is_misspelt_is_found_by_a_check() {
    let table = "CREATE TABLE t (\n    a TEXT";
    let made = of(&format!("{table}\n)"));
    let checked = |schema: &str| {
        made.declare(schema);
        authoring::run(made.path(), "check").refused()
    };
    let refused = checked(&format!("{table} -- migrate: renamed_form(b)\n);\n"));
    assert!(refused.contains("schema.sql:2:12") && refused.contains("not of the form renamed_from(old)"), "{refused}");
    let refused = checked(&format!("{table}\n);\n-- migrate: renamed_from(b)\n"));
    assert!(refused.contains("beside no table and no column"), "{refused}");
    let refused = checked("CREATE TABLE t (\n    a TEXT,\n    c TEXT -- migrate: renamed_from(b)\n);\n");
    assert!(refused.contains("column `t.c` cannot have been `b` before"), "{refused}");
    // One that means nothing any more may stay, and a comment about migrating is none.
    made.declare(&format!("-- migrate with care\n{table} -- migrate: renamed_from(b)\n);\n"));
    assert_eq!(made.run(&["check"]).done(), "1 migration: they work\n");
}
