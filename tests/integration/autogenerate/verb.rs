//! `devilmcp-migrate diff` and `new`, as somebody types them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::authoring;
use crate::site::Run;

/// A directory with one migration, and a schema that it makes.
pub(super) struct Crate(TempDir);

impl Crate {
    pub(super) fn new() -> Self {
        let made = Self::empty();
        made.write(
            "0001_notes.sql",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, tag TEXT);\n",
        );
        made.write("0001_notes.down.sql", "DROP TABLE notes;\n");
        made
    }

    pub(super) fn empty() -> Self {
        let made = Self(TempDir::new().unwrap());
        fs::create_dir(made.directory()).unwrap();
        made
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn directory(&self) -> PathBuf {
        self.0.path().join("migrations")
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.directory().join(name), text).unwrap();
    }

    pub(super) fn declare(&self, text: &str) {
        self.write("schema.sql", text);
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.directory().join(name)).unwrap()
    }

    pub(super) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Run {
        authoring::run_with(self.0.path(), arguments)
    }
}

const NOTES: &str = "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, tag TEXT)";

#[test]
fn a_changed_schema_becomes_a_migration_that_works() {
    let made = Crate::new();
    made.declare(&format!("{NOTES};\n-- Found by tag.\nCREATE INDEX notes_tag ON notes (tag) WHERE tag <> '';\n"));
    let told = made.run(&["diff", "--check"]);
    assert_eq!(told.code, 3);
    assert_eq!(told.stdout, "the migrations do not make what schema.sql declares:\n  index `notes_tag` is missing\n");
    let shown = made.run(&["diff", "--print"]).done();
    assert_eq!(made.files().len(), 3, "{shown}");
    let written = made.run(&["diff", "-m", "Find notes by tag"]).done();
    assert_eq!(
        written,
        "written: migrations/0002_find_notes_by_tag.sql\nwritten: migrations/0002_find_notes_by_tag.down.sql\n\
         read them, and commit them with schema.sql\n"
    );
    let up = "-- Found by tag.\nCREATE INDEX notes_tag ON notes (tag) WHERE tag <> '';\n";
    assert_eq!(made.read("0002_find_notes_by_tag.sql"), up);
    assert_eq!(made.read("0002_find_notes_by_tag.down.sql"), "DROP INDEX notes_tag;\n");
    assert!(shown.contains(up), "{shown}");
    assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
    for verb in [&["diff"][..], &["diff", "--check"]] {
        assert_eq!(made.run(verb).done(), "the migrations make what schema.sql declares\n");
    }
}

#[test]
fn a_table_that_cannot_be_altered_is_made_anew_as_it_is_declared() {
    let made = Crate::new();
    let declared = "CREATE TABLE notes (\n    id INTEGER PRIMARY KEY AUTOINCREMENT,\n    body TEXT NOT NULL, -- what it says\n    tag TEXT\n)";
    made.declare(&format!("{declared};\n"));
    let refused = made.run(&["diff"]);
    assert_eq!((refused.code, made.files().len()), (1, 3));
    assert!(refused.stderr.contains("M202") && refused.stderr.contains("0002_change_notes.sql"), "{}", refused.stderr);
    assert!(refused.stderr.contains("`--default TABLE.COLUMN=EXPR` fills what has no value"), "{}", refused.stderr);
    // A tag need not be there either.
    assert!(made.run(&["diff", "--default", "notes.body=tag || '?'"]).stderr.contains("M202"));
    made.run(&["diff", "--default", "notes.body=coalesce(tag, '?')"]).done();
    let up = made.read("0002_change_notes.sql");
    assert!(
        up.contains(&format!("\n{declared};\n")) && up.contains("coalesce(body, coalesce(tag, '?')) AS body"),
        "{up}"
    );
    assert!(!made.read("0002_change_notes.down.sql").contains("coalesce"));
    assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
}

#[test]
fn a_value_that_nobody_can_guess_is_asked_for() {
    let made = Crate::new();
    made.declare(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, tag TEXT, rank INTEGER NOT NULL);\n",
    );
    let refused = made.run(&["diff"]);
    assert_eq!((refused.code, refused.stdout.as_str(), made.files().len()), (1, "", 3));
    assert!(refused.stderr.starts_with("error: column `notes.rank` must have a value"), "{}", refused.stderr);
    assert!(refused.stderr.contains("--default 'notes.rank=EXPR'"), "{}", refused.stderr);
    let unused = made.run(&["diff", "--default", "notes.rank=1", "--default", "notes.body=1"]);
    assert!(unused.code == 1 && unused.stderr.contains("no row needs a value"), "{}", unused.stderr);
    for value in ["rank=1", "notes.rank=", "notes.rank=-", "notes.rank=1; --", "notes.rank=1) OR (2", "notes.rank=?"] {
        let refused = made.run(&["diff", "--default", value]);
        assert!(refused.code == 2 && !refused.stderr.contains("defect"), "{value}: {}", refused.stderr);
        assert!(refused.stderr.contains("--default <TABLE.COLUMN=EXPR>"), "{value}: {}", refused.stderr);
    }
    for (value, said) in [
        ("nowhere", "`nowhere` is no value for `rank`: no such column: nowhere"),
        ("max(id)", "`max(id)` is no value for `rank`: it makes one value of all rows"),
        ("1, 2", "`1, 2` is no value for `rank`: row value misused"),
    ] {
        let refused = made.run(&["diff", "--default", &format!("notes.rank={value}")]);
        assert!(refused.code == 1 && refused.stderr.contains(said), "{value}: {}", refused.stderr);
        assert!(!refused.stderr.contains("defect"), "{value}: {}", refused.stderr);
    }
    assert_eq!(made.files().len(), 3);
    made.run(&["diff", "--default", "notes.rank=coalesce(length(body), 0) + 1"]).done();
    assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
}

#[test]
fn what_is_lost_needs_a_reason() {
    let made = Crate::new();
    made.declare("CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT);\n");
    let refused = made.run(&["diff"]);
    assert_eq!((refused.code, made.files().len()), (1, 3));
    assert!(refused.stderr.contains("the migration loses the values of `notes.tag`"), "{}", refused.stderr);
    assert!(refused.stderr.contains("--reason TEXT"), "{}", refused.stderr);
    made.run(&["diff", "--reason", "nobody used tags"]).done();
    let up = "-- migrate: allow(data_loss) nobody used tags\n\nALTER TABLE notes DROP COLUMN tag;\n";
    assert_eq!(made.read("0002_change_notes.sql"), up);
    assert_eq!(
        made.read("0002_change_notes.down.sql"),
        "-- This does not bring back the values of `notes.tag`.\n\nALTER TABLE notes ADD COLUMN tag TEXT;\n"
    );
    assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
}

#[test]
fn what_was_renamed_is_renamed_and_nothing_is_guessed() {
    let made = Crate::new();
    let declared = |table: &str, column: &str| {
        format!(
            "{table}CREATE TABLE entries (\n    id INTEGER PRIMARY KEY AUTOINCREMENT,\n    text TEXT,{column}\n    tag TEXT NOT NULL DEFAULT ''\n);\n"
        )
    };
    made.declare(&declared("", ""));
    assert!(made.run(&["diff"]).stderr.contains("the migration loses the rows of `notes`"));
    let table = "-- migrate: renamed_from(notes)\n";
    let column = " -- migrate: renamed_from(body)";
    for (table, column, said) in [
        (table, " -- migrate: renamed_from(boddy)", "column `entries.text` cannot have been `boddy` before"),
        ("-- migrate: renamed_from(note)\n", column, "table `entries` cannot have been `note` before"),
        (table, " -- migrate: renamed from body", "not of the form renamed_from(old)"),
        ("-- migrate: renamed_from(notes)\nCREATE VIEW v AS SELECT 1;\n", column, "beside no table and no column"),
    ] {
        made.declare(&declared(table, column));
        let refused = made.run(&["diff", "--default", "entries.tag=''"]);
        assert!(refused.code == 1 && refused.stderr.contains(said), "{}", refused.stderr);
    }
    made.declare(&declared(table, column));
    made.run(&["diff", "-m", "call them entries", "--default", "entries.tag=''"]).done();
    let (up, down) = (made.read("0002_call_them_entries.sql"), made.read("0002_call_them_entries.down.sql"));
    let renamed = "ALTER TABLE notes RENAME TO entries;\n\nALTER TABLE entries RENAME COLUMN body TO text;\n\n-- entries is made anew";
    assert!(up.starts_with(renamed), "{up}");
    let back = "ALTER TABLE entries RENAME COLUMN text TO body;\n\nALTER TABLE entries RENAME TO notes;\n";
    assert!(down.ends_with(back), "{down}");
    assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
    // The hints may stay.
    assert_eq!(made.run(&["diff"]).done(), "the migrations make what schema.sql declares\n");
    made.declare(&declared("", "").replace("text", "words"));
    made.run(&["diff", "--rename", "entries.text=words"]).done();
    assert_eq!(made.read("0003_change_entries.sql"), "ALTER TABLE entries RENAME COLUMN text TO words;\n");
}

#[test]
fn what_the_rows_may_suffer_is_allowed_by_name() {
    let made = Crate::new();
    made.declare(&format!("{NOTES};\nCREATE UNIQUE INDEX notes_tag ON notes (tag);\n"));
    let refused = made.run(&["diff"]);
    assert!(refused.code == 1 && refused.stderr.contains("M204"), "{}", refused.stderr);
    let wrong = made.run(&["diff", "--reason", "they are merged", "--allow", "uniqueness"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("`uniqueness` is no hazard, and no lint"), "{}", wrong.stderr);
    made.run(&["diff", "--reason", "they are merged", "--allow", "unique_violation"]).done();
    assert!(
        made.read("0002_create_notes_tag.sql").starts_with("-- migrate: allow(unique_violation) they are merged\n\n")
    );
}

#[test]
fn the_first_migration_is_written_too() {
    let made = Crate::empty();
    let undeclared = made.run(&["diff"]);
    assert!(
        undeclared.code == 1 && undeclared.stderr.contains("there is no migrations/schema.sql"),
        "{}",
        undeclared.stderr
    );
    made.declare("CREATE VIEW titles AS SELECT title FROM notes;\nCREATE TABLE notes (title TEXT);\n");
    made.run(&["revision", "--autogenerate", "-m", "notes"]).done();
    let up = "CREATE TABLE notes (title TEXT);\n\nCREATE VIEW titles AS SELECT title FROM notes;\n";
    assert_eq!(made.read("0001_notes.sql"), up);
    assert_eq!(made.read("0001_notes.down.sql"), "DROP VIEW titles;\n\nDROP TABLE notes;\n");
    assert_eq!(made.run(&["check"]).done(), "1 migration: they work\n");
}

#[test]
fn columns_in_another_order_stay_unless_it_is_asked() {
    let made = Crate::new();
    made.declare("CREATE TABLE notes (body TEXT, tag TEXT, id INTEGER PRIMARY KEY AUTOINCREMENT);\n");
    assert_eq!(made.run(&["diff"]).stdout, "the migrations make what schema.sql declares\n");
    assert_eq!(made.run(&["diff", "--check", "--reorder"]).code, 3);
    made.run(&["diff", "--reorder"]).done();
    assert!(
        made.read("0002_change_notes.sql").contains("-- notes is made anew: its columns stand in another order.\n")
    );
    assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
}

#[test]
fn what_does_not_work_is_not_built_upon() {
    let made = Crate::new();
    made.declare("CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, tag TEXT,);\n");
    let refused = made.run(&["diff"]);
    assert!(refused.code == 1 && refused.stderr.contains("M130"), "{}", refused.stderr);
    made.declare(&format!("{NOTES};\nCREATE TABLE tags (a);\n"));
    made.write("0001_notes.down.sql", "DROP TABLE note;\n");
    let refused = made.run(&["diff"]);
    assert!(refused.code == 1 && refused.stderr.contains("M106"), "{}", refused.stderr);
    assert_eq!(made.files().len(), 3);
}

#[test]
fn the_answer_in_json_has_both_files() {
    let made = Crate::new();
    made.declare(&format!("{NOTES};\nCREATE TABLE tags (name TEXT PRIMARY KEY);\n"));
    let answer: Value = made.run(&["diff", "--print", "--json"]).json(0);
    assert_eq!(answer["up"]["path"], "migrations/0002_create_tags.sql");
    assert_eq!(answer["up"]["text"], "CREATE TABLE tags (name TEXT PRIMARY KEY);\n");
    assert_eq!(answer["down"]["text"], "DROP TABLE tags;\n");
    assert_eq!((&answer["written"], &answer["same"]), (&Value::Bool(false), &Value::Bool(false)));
    assert_eq!(made.run(&["diff", "--json"]).json(0)["written"], true);
    assert_eq!(made.run(&["diff", "--json"]).json(0)["same"], true);
}

#[test]
fn an_empty_migration_is_numbered_after_the_last() {
    let made = Crate::new();
    let written = made.run(&["new", "-m", "Backfill tags"]).done();
    assert_eq!(
        written,
        "written: migrations/0002_backfill_tags.sql\nwritten: migrations/0002_backfill_tags.down.sql\n"
    );
    let shown = made.run(&["check"]);
    assert!(shown.code == 0 && shown.stderr.contains("M110"), "{}", shown.stderr);
    assert!(made.run(&["new", "-m", "¿?"]).stderr.contains("the message makes no name"));
    let timed = Crate::empty();
    timed.write("20250101000000_a.sql", "CREATE TABLE a (b);\n");
    timed.write("20250101000000_a.down.sql", "DROP TABLE a;\n");
    timed.run(&["revision", "-m", "b"]).done();
    let name = timed.files().pop().unwrap();
    assert!(name.len() == 20 && name.ends_with("_b.sql") && *name > *"2026", "{name}");
}
