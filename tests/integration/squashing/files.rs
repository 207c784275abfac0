//! What becomes of files.

use std::fs;

use devilmcp_migrate::rusqlite::Connection;
use serde_json::Value;

use super::Crate;
use crate::support::column;

const SEEDED: [(&str, &str); 6] = [
    (
        "0001_a.sql",
        "CREATE TABLE kinds (name TEXT PRIMARY KEY, rank REAL);\nINSERT INTO kinds VALUES ('it''s', 0.1), ('b', NULL);\n\
         CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT);\nINSERT INTO log (id, what) VALUES (7, 'x');\n",
    ),
    (
        "0002_b.sql",
        "CREATE TRIGGER more AFTER INSERT ON kinds BEGIN INSERT INTO log (what) VALUES (new.name); END;\n\
         INSERT INTO kinds VALUES ('c', x'00ff');\nDELETE FROM log;\n\
         CREATE VIRTUAL TABLE words USING fts5 (name, content = 'kinds');\nINSERT INTO words (words) VALUES ('rebuild');\n\
         CREATE VIRTUAL TABLE alone USING fts5 (body);\nINSERT INTO alone VALUES ('one two'), ('three');\n\
         CREATE VIEW ranks AS SELECT rank FROM kinds -- all\n;\n",
    ),
    ("0003_c.sql", "-- migrate: irreversible\nCREATE TABLE c (a);\n"),
    ("0003_c.given.sql", "INSERT INTO kinds VALUES ('d', 1);\n"),
    ("0003_c.then.sql", "SELECT * FROM c;\n"),
    ("README.md", "Read me.\n"),
];

fn seeded() -> Crate {
    let made = Crate::with(&SEEDED);
    assert_eq!(made.run("lock --shipped").code, 0);
    made
}

#[test]
fn rows_that_migrations_put_in_are_in_the_file() {
    let old = seeded();
    let new = Crate::copy_of(&old.directory());
    let shown = new.run("squash --through 0003_c --print").done();
    assert_eq!(new.all(), old.all());
    let told = new.run("squash --through c --dry-run").done();
    assert!(told.contains("would be squashed: 3 migrations, 0001_a to 0003_c\n") && told.contains("5 files"), "{told}");
    assert_eq!(new.all(), old.all());
    let answer: Value = new.run("squash --through 3 --json -m everything").json(0);
    assert_eq!(
        (&answer["written"], &answer["path"]),
        (&Value::Bool(true), &Value::from("migrations/0003_everything.sql"))
    );
    let text = new.read("0003_everything.sql");
    assert_eq!(shown, format!("-- migrations/0003_baseline.sql\n{text}"));
    assert!(text.contains("(1, 'it''s', 0.1)") && text.contains("(1, 'one two')"), "{text}");
    let names: Vec<String> = new.all().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["0003_everything.sql", "README.md", "migrations.lock"]);
    let mut conn = Connection::open_in_memory().unwrap();
    new.program().upgrade(&mut conn).unwrap();
    assert_eq!(column(&conn, "SELECT name FROM kinds ORDER BY rowid"), ["it's", "b", "c"]);
    assert_eq!(column(&conn, "SELECT seq || '' FROM sqlite_sequence"), ["8"]);
    let found = "SELECT rowid || '' FROM words('c') UNION ALL SELECT body FROM alone('two')";
    assert_eq!(column(&conn, found), ["3", "one two"]);
    conn.execute_batch("INSERT INTO words (words) VALUES ('integrity-check')").unwrap();
    assert!(old.program().upgrade(&mut conn).unwrap().is_noop());
}

#[test]
fn a_checkpoint_is_written_anew() {
    let made = seeded();
    assert_eq!(made.run("lock --checkpoint").code, 0);
    let told = made.run("squash --through 2").done();
    assert!(told.contains("written: migrations/migrations.checkpoint\n"), "{told}");
    let told = made.run("check --full").done();
    assert_eq!(told, "2 migrations: they work, 2 of them locked\nmigrations.checkpoint: it is what they make\n");
    assert_eq!(made.run("lock --check").code, 0);
}

#[test]
fn what_cannot_be_squashed_stays_as_it_is() {
    let unsteady = ("0002_b.sql", "CREATE TABLE b (a);\nINSERT INTO b VALUES (unixepoch());\n");
    let kept = ("0002_b.sql", "CREATE VIRTUAL TABLE b USING fts5 (a, content = '');\nINSERT INTO b VALUES ('one');\n");
    let config = (
        "0002_b.sql",
        "CREATE VIRTUAL TABLE b USING fts5 (a);\nINSERT INTO b VALUES ('one');\nINSERT INTO b (b, rank) VALUES ('pgsz', 64);\n",
    );
    let boxes = ("0002_b.sql", "CREATE VIRTUAL TABLE b USING rtree (id, x0, x1);\nINSERT INTO b VALUES (1, 2, 3);\n");
    let pragma = ("0002_b.sql", "PRAGMA case_sensitive_like = ON;\nCREATE TABLE b (a);\n");
    for (second, reason) in [
        (unsteady, "cannot become one file: the rows of `b` are others in every run"),
        (config, "cannot become one file: virtual table `b` keeps what cannot be written down"),
        (boxes, "cannot become one file: virtual table `b` keeps what cannot be written down"),
        (kept, "cannot become one file: virtual table `b` keeps what cannot be written down"),
        (pragma, "cannot become one file: 0002_b sets a pragma"),
    ] {
        let made = Crate::with(&[SEEDED[0], second]);
        assert_eq!(made.run("lock --shipped").code, 0, "{second:?}");
        let before = made.all();
        let refused = made.run("squash --through 2").refused();
        assert!(refused.contains(reason) && refused.contains("  = help: "), "{refused}");
        assert_eq!(made.all(), before);
    }
    let made = seeded();
    made.write("0004_d.sql", "-- migrate: irreversible\nCREATE TABLE d (a);\n");
    let before = made.all();
    for (call, said) in [
        ("squash --through 4", "0004_d is not locked, and only what was released is squashed"),
        ("squash --through 1", "there is nothing before it"),
        ("squash --through 5", "there is no migration \"5\": there are 0001_a to 0004_d"),
        ("squash --through 3 -m c", "the file cannot be called 0003_c.sql"),
        ("squash --through 3 -m ?", "the file cannot be called"),
    ] {
        let refused = made.run(call).refused();
        assert!(refused.contains(said), "{refused}");
        assert_eq!(made.all(), before);
    }
    made.write("0004_d.sql", "-- migrate: irreversible\nCREATE TABEL d (a);\n");
    assert!(made.run("squash --through 3").refused().contains("[M101]"));
}

#[test]
fn what_is_left_over_is_named() {
    let made = seeded();
    let left = made.read("0002_b.sql");
    made.run("squash --through 3").done();
    made.write("0002_b.sql", &left);
    let refused = made.run("check").refused();
    assert!(refused.contains("`0002_b` is there, and `0003_baseline` stands for it [M030]"), "{refused}");
    fs::remove_file(made.directory().join("0002_b.sql")).unwrap();
    // What is released afterwards goes on in the same history, and in the same file.
    made.write("0004_d.sql", "-- migrate: irreversible\nCREATE TABLE d (a);\n");
    assert_eq!(made.run("lock").code, 0);
    let lock = made.read("migrations.lock");
    assert!(
        lock.contains("\n0003 c ") && lock.contains("\nsquashed 0003 baseline ") && lock.contains("\n0004 d "),
        "{lock}"
    );
    made.write("0003_baseline.sql", &(made.read("0003_baseline.sql") + "CREATE TABLE e (a);\n"));
    assert!(made.run("check").refused().contains("`0003_baseline` is locked, and has changed [M023]"));
}
