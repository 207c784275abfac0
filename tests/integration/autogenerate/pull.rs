//! `devilmcp-migrate pull`: what it writes is what is there, and nothing of anybody's is lost.

use std::fs;

use devilmcp_migrate::rusqlite::Connection;
use serde_json::Value;

use super::verb::Crate;
use crate::support::{database_from_dump, legacy};

const SAME: &str = "the migrations make what schema.sql declares\n";

#[test]
fn what_the_migrations_make_is_declared_with_its_comments() {
    let made = Crate::new();
    made.write(
        "0002_tags.sql",
        "-- migrate: irreversible\nCREATE TABLE IF NOT EXISTS tags (\n    name TEXT PRIMARY KEY, -- as it is typed\n    note_id INTEGER\n) WITHOUT ROWID;\n\
         ALTER TABLE tags ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;\nCREATE INDEX tags_rank ON tags (rank DESC);\n",
    );
    assert_eq!(made.run(&["pull"]).done(), "written: migrations/schema.sql\n");
    let (head, text) =
        made.read("schema.sql").split_once("\n\n").map(|(head, text)| (head.to_owned(), text.to_owned())).unwrap();
    assert!(head.starts_with("-- ") && head.contains("devilmcp-migrate diff"), "{head}");
    assert_eq!(
        text,
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, tag TEXT);\n\n\
         CREATE TABLE tags (\n    name TEXT PRIMARY KEY, -- as it is typed\n    note_id INTEGER,\n    rank INTEGER NOT NULL DEFAULT 0\n) WITHOUT ROWID;\n\
         CREATE INDEX tags_rank ON tags (rank DESC);\n"
    );
    for verb in [&["diff"][..], &["diff", "--check"]] {
        assert_eq!(made.run(verb).done(), SAME);
    }
    assert_eq!(made.run(&["pull"]).done(), "migrations/schema.sql declares it already\n");
    assert_eq!(made.files().len(), 4);
}

#[test]
fn what_declares_something_else_stays_unless_it_is_asked() {
    let made = Crate::new();
    made.run(&["pull", "--print"]).done();
    assert_eq!(made.files().len(), 2);
    for (declared, in_what) in [
        (
            "-- mine\nCREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT);\n",
            "table `notes`: column `tag` is missing",
        ),
        ("-- mine\nCREATE TABEL notes (id);\n", "the declared schema fails"),
        ("-- mine\nDROP TABLE notes;\n", "the declared schema holds what declares nothing"),
    ] {
        made.declare(declared);
        let refused = made.run(&["pull"]).refused();
        let said = "error: migrations/schema.sql declares something else, and was left as it is:\n  ";
        assert!(refused.starts_with(&format!("{said}{in_what}")) && refused.contains("--overwrite"), "{refused}");
        assert_eq!(made.read("schema.sql"), declared);
        let answer: Value = serde_json::from_str(&made.run(&["pull", "--json"]).stdout).unwrap();
        assert!(
            answer["written"].is_null() && answer["differences"][0].as_str().unwrap().starts_with(in_what),
            "{answer}"
        );
    }
    made.declare("-- One row a thought.\n-- migrate: renamed_from(thoughts)\nCREATE TABLE notes (id);\n");
    assert_eq!(made.run(&["pull", "--overwrite", "--json"]).json(0)["written"], "migrations/schema.sql");
    let text = made.read("schema.sql");
    assert!(text.contains("\n\n-- One row a thought.\nCREATE TABLE notes (id INTEGER PRIMARY KEY"), "{text}");
    assert_eq!(made.run(&["diff"]).done(), SAME);
    // What it says in other words is its own affair.
    let declared = "-- mine\n\ncreate table NOTES(id integer primary key autoincrement,body text,tag text);";
    made.declare(declared);
    assert_eq!(made.run(&["pull", "--overwrite"]).done(), "migrations/schema.sql declares it already\n");
    assert_eq!(made.read("schema.sql"), declared);
}

#[test]
fn of_migrations_that_do_not_work_nothing_is_declared() {
    let made = Crate::new();
    made.write("0001_notes.down.sql", "DROP TABLE note;\n");
    let refused = made.run(&["pull"]).refused();
    assert!(refused.contains("[M106]") && refused.ends_with("error: nothing was written\n"), "{refused}");
    assert_eq!(made.files().len(), 2);
    let elsewhere = made.run(&["pull", "--dir", "elsewhere"]).refused();
    assert!(elsewhere.contains("create it, or name another one with --dir"), "{elsewhere}");
}

#[test]
fn a_database_is_declared_without_what_others_keep_in_it() {
    for (dump, accounts) in [("create_all_nov.sql", false), ("alembic_001.sql", true), ("v2_2.sql", false)] {
        let made = Crate::empty();
        let database = made.path().join("legacy.db");
        database_from_dump(&legacy(dump), &database);
        Connection::open(&database)
            .unwrap()
            .execute_batch(
                "CREATE TABLE _devilmcp_migrations_claim (a); CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT);
                 CREATE VIRTUAL TABLE search USING fts5(body /* what is said */); ANALYZE;",
            )
            .unwrap();
        let before = fs::read(&database).unwrap();
        let said = made.run(&["pull", "--database", "legacy.db"]).done();
        let left_out = "left out: table `alembic_version`, where another tool keeps its account\n";
        assert_eq!(said, format!("written: migrations/schema.sql\n{}", if accounts { left_out } else { "" }));
        assert!(fs::read(&database).unwrap() == before);
        let text = made.read("schema.sql");
        for name in ["alembic_version", "_devilmcp", "sqlite_", "search_data"] {
            assert!(!text.contains(name), "{name}: {text}");
        }
        assert!(text.contains("\n\nCREATE VIRTUAL TABLE search USING fts5(body /* what is said */);\n"), "{text}");
        assert!(text.lines().all(|line| line.trim_end() == line && !line.contains('\t')), "{text}");
        assert_eq!(made.run(&["diff", "-m", "all of it"]).code, 0);
        assert_eq!(made.run(&["diff", "--check"]).done(), SAME);
        assert_eq!(made.run(&["pull", "--database", "legacy.db"]).code, 0);
    }
}

#[test]
fn what_is_no_database_declares_nothing() {
    let made = Crate::new();
    fs::write(made.path().join("letter"), "This is a letter, and not a database. ".repeat(40)).unwrap();
    let refused = made.run(&["pull", "--database", "letter"]).refused();
    assert!(refused.contains("not an SQLite database"), "{refused}");
    assert!(made.run(&["pull", "--database", "nowhere"]).refused().contains("there is no database nowhere"));
    assert_eq!(made.run(&["pull", "--database", "nowhere", "--json"]).json(1)["error"]["kind"], "CannotOpen");
    // A module that only an application has.
    let conn = Connection::open(made.path().join("strange.db")).unwrap();
    conn.execute_batch(
        "PRAGMA writable_schema = ON; INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING vec0(a)')",
    )
    .unwrap();
    let refused = made.run(&["pull", "--database", "strange.db"]).refused();
    assert!(refused.contains("no such module: vec0") && refused.contains("nothing was written"), "{refused}");
    assert_eq!(made.files().len(), 2);
}
