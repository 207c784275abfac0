//! What the lints say of statements.

use devilmcp_migrate_core::lint::Lint;

use super::{assert_silent, found, found_after};

const T: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);";

#[test]
fn a_definition_that_is_not_the_one_that_is_there_is_ignored() {
    let lint = Lint::IgnoredDefinition;
    for ignored in [
        "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);",
        "CREATE TABLE IF NOT EXISTS main.T (id INTEGER PRIMARY KEY);",
        "CREATE INDEX IF NOT EXISTS i ON t (a, id);",
        "CREATE VIEW IF NOT EXISTS v AS SELECT a FROM t;",
        "CREATE TRIGGER IF NOT EXISTS g AFTER UPDATE ON t BEGIN SELECT 1; END;",
        "CREATE VIRTUAL TABLE IF NOT EXISTS f USING fts5 (b);",
    ] {
        let history = [
            T,
            "CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT id FROM t; CREATE VIRTUAL TABLE f USING fts5 (a);
             CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;",
            ignored,
        ];
        assert_eq!(found(lint, &history).len(), 1, "{ignored}");
        assert_eq!(found_after(2, lint, &history).len(), 1, "{ignored}");
        assert!(found_after(3, lint, &history).is_empty(), "{ignored}");
    }
}

#[test]
fn a_definition_that_is_there_or_is_made_is_not_ignored() {
    assert_silent(
        Lint::IgnoredDefinition,
        &[
            &[T, "create table if not exists \"T\" (\n  id integer primary key, -- the key\n  [a] text\n);"],
            &["CREATE TABLE IF NOT EXISTS t (a);"],
            &[
                T,
                "CREATE TABLE u (a PRIMARY KEY); CREATE TABLE IF NOT EXISTS w (a REFERENCES u);",
                "CREATE TABLE IF NOT EXISTS w (a REFERENCES u (a));",
            ],
            &[T, "-- migrate: allow(data_loss) a test\nDROP TABLE t; CREATE TABLE IF NOT EXISTS t (b);"],
            &[T, "ALTER TABLE t RENAME TO u; CREATE TABLE IF NOT EXISTS t (b);"],
            // As it is afterwards, it is as it is defined.
            &[
                T,
                "ALTER TABLE t ADD COLUMN b TEXT; CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);",
            ],
            &[T, "CREATE TEMP TABLE IF NOT EXISTS t (b); DROP TABLE temp.t;"],
            &[T, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM t);"],
        ],
    );
}

#[test]
fn a_condition_hides_what_is_there() {
    let lint = Lint::HiddenDrift;
    assert_eq!(
        found(
            lint,
            &[
                "CREATE TABLE IF NOT EXISTS t (a); CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a);",
                "DROP INDEX IF EXISTS i;"
            ]
        ),
        [
            "0001 the statement does nothing where something else is there already",
            "0002 the statement does nothing where what it drops is not there",
        ]
    );
    assert_silent(
        lint,
        &[
            &[T, "CREATE TEMP TABLE IF NOT EXISTS u (b); DROP TABLE temp.u;"],
            &[T, "CREATE TRIGGER g AFTER INSERT ON t WHEN NOT EXISTS (SELECT 1) BEGIN SELECT 1; END;"],
            &[T, "UPDATE t SET a = 'more' WHERE a IS NULL AND NOT EXISTS (SELECT 1 FROM t);"],
        ],
    );
}

#[test]
fn values_that_differ_are_found_where_rows_are_written() {
    let lint = Lint::UnrepeatableValue;
    assert_eq!(
        found(
            lint,
            &[
                T,
                "INSERT INTO t (a) VALUES (random()), (CURRENT_DATE); UPDATE t SET a = datetime('now') WHERE a IS NULL;"
            ]
        ),
        ["0002 the migration writes values that differ in every database"]
    );
    assert_silent(
        lint,
        &[
            &[T, "CREATE TABLE u (at TEXT DEFAULT CURRENT_TIMESTAMP, id TEXT DEFAULT (hex(randomblob(16))));"],
            &[T, "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = datetime('now') WHERE id = new.id; END;"],
            &[T, "CREATE VIEW v AS SELECT datetime('now') AS now; INSERT INTO t (a) VALUES ('CURRENT_TIMESTAMP');"],
        ],
    );
}
