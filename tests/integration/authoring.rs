//! The program `devilmcp-migrate`: `check` and `lock`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::site::Run;
use crate::support;

/// A crate with a directory of migrations.
struct Crate(TempDir);

impl Crate {
    fn new() -> Self {
        let made = Self(TempDir::new().unwrap());
        fs::create_dir(made.0.path().join("migrations")).unwrap();
        made.write("0001_notes.sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n");
        made.write("0001_notes.down.sql", "DROP TABLE notes;\n");
        made
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join("migrations").join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.0.path().join("migrations").join(name)).ok()
    }

    fn files(&self) -> usize {
        fs::read_dir(self.0.path().join("migrations")).unwrap().count()
    }

    fn run(&self, arguments: &str) -> Run {
        run(self.0.path(), arguments)
    }
}

pub(crate) fn run(directory: &Path, arguments: &str) -> Run {
    run_with(directory, &arguments.split_whitespace().collect::<Vec<_>>())
}

pub(crate) fn run_with(directory: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(support::author());
    let output = command.args(arguments).current_dir(directory).output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    Run { code: output.status.code().unwrap(), stdout, stderr }
}

#[test]
fn what_works_is_said_to_work() {
    let made = Crate::new();
    for call in ["check", "check --dir migrations", "--dir migrations/ check"] {
        assert_eq!(made.run(call).done(), "1 migration: they work\n");
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    assert_eq!(run(&repository, "check").done(), "12 migrations: they work\n");
}

#[test]
fn a_mistake_is_shown_as_the_macro_shows_it() {
    let made = Crate::new();
    made.write("0002_tags.sql", "CREATE TABEL tags (a);\n");
    made.write("0002_tags.down.sql", "DROP TABLE tags;\n");
    let shown = made.run("check").refused();
    assert_eq!(
        shown,
        "error: the statement fails [M101]\n \
           --> migrations/0002_tags.sql:1:8\n  \
             |\n\
           1 | CREATE TABEL tags (a);\n  \
             |        ^^^^^ near \"TABEL\": syntax error\n  \
             |\n  \
             = help: did you mean `TABLE`?\n\n"
    );
    let answer = made.run("check --json");
    assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
    let answer: Value = serde_json::from_str(&answer.stdout).unwrap();
    let problem = &answer["problems"][0];
    assert_eq!(
        [&problem["code"], &problem["level"], &problem["path"], &problem["line"], &problem["column"]],
        [&json!("M101"), &json!("error"), &json!("migrations/0002_tags.sql"), &json!(1), &json!(8)]
    );
}

#[test]
fn a_warning_is_shown_and_stops_nothing() {
    let made = Crate::new();
    made.write("schema.sql", "CREATE TABLE notes (body TEXT, id INTEGER PRIMARY KEY);\n");
    let shown = made.run("check");
    assert_eq!((shown.code, shown.stdout.as_str()), (0, "1 migration: they work\n"));
    assert!(shown.stderr.starts_with("warning: a table has its columns in another order"), "{}", shown.stderr);
}

#[test]
fn lints_are_as_loud_as_the_arguments_say() {
    let made = Crate::new();
    made.write("0002_tags.sql", "CREATE TABLE tags (name STRING, note_id INTEGER REFERENCES notes (id));\n");
    assert!(made.run("check").refused().contains("[M010]"));
    let shown = made.run("check --warn missing_down --allow unenforced_type --deny unindexed_foreign_key").refused();
    assert!(shown.contains("warning: the migration has no way back [M010]"), "{shown}");
    assert!(shown.contains("error: the foreign key `tags.note_id` has no index [M301]"), "{shown}");
    assert!(!shown.contains("M306"), "{shown}");
    let answer = made.run("check --allow missing_down --json").json(0);
    let [problem] = answer["problems"].as_array().unwrap().as_slice() else { panic!("{answer}") };
    assert_eq!([&problem["lint"], &problem["level"], &problem["code"]], ["unenforced_type", "warning", "M306"]);
    // The strictest counts, and a misspelt one is corrected.
    assert_eq!(made.run("check --allow missing_down --warn missing_down --deny missing_down").code, 1);
    let shown = made.run("check --deny unenforced_types");
    assert_eq!(shown.code, 2);
    assert!(shown.stderr.contains("a similar value exists: 'unenforced_type'"), "{}", shown.stderr);
    // What is let pass can be locked.
    assert!(made.run("lock").refused().contains("[M010]"));
    assert_eq!(made.run("lock --warn missing_down").code, 0);
    assert_eq!(made.run("check").done(), "2 migrations: they work, 2 of them locked\n");
}

#[test]
fn what_the_lints_find_has_a_verb_of_its_own() {
    let made = Crate::new();
    made.write("schema.sql", "CREATE TABLE notes (body TEXT, id INTEGER PRIMARY KEY);\n");
    assert_eq!(made.run("lint").done(), "1 migration: the lints find nothing\n");
    made.write("0002_tags.sql", "CREATE TABLE tags (name STRING);\n");
    made.write(
        "schema.sql",
        "CREATE TABLE notes (body TEXT, id INTEGER PRIMARY KEY);\nCREATE TABLE tags (name STRING);\n",
    );
    let found = made.run("lint --allow missing_down");
    assert!(found.code == 0 && found.stdout.is_empty() && found.stderr.contains("[M306]"), "{}", found.stderr);
    assert!(!found.stderr.contains("M133"), "{}", found.stderr);
    assert_eq!(made.run("lint --json --allow missing_down").json(0)["problems"][0]["lint"], "unenforced_type");
    for (call, code) in
        [("lint", "[M010]"), ("lint --allow missing_down --deny unenforced_type", "error: the type STRING")]
    {
        assert!(made.run(call).refused().contains(code), "{call}");
    }
    made.write("0002_tags.sql", "CREATE TABEL tags (name STRING);\n");
    assert!(made.run("lint --allow missing_down").refused().contains("[M101]"));
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let made = Crate::new();
    let shown = made.run("check --dir elsewhere").refused();
    assert!(shown.contains("--> elsewhere") && shown.contains("name another one with --dir"), "{shown}");
    assert_eq!(made.run("chekc").code, 2);
}

#[test]
fn what_is_locked_stays_what_it_was() {
    let made = Crate::new();
    assert_eq!(made.run("lock --check").code, 3);
    assert_eq!(made.read("migrations.lock"), None);
    assert_eq!(made.run("lock").done(), "locked: 0001_notes\ncommit migrations.lock with them\n");
    let locked = made.read("migrations.lock").unwrap();
    assert!(locked.starts_with("# ") && locked.lines().count() == 3, "{locked}");
    // The last line is of the files as they are, so it is another each time.
    let (migration, _) = locked.split_once("# files 0001 ").unwrap();
    assert_eq!(made.run("lock").done(), "nothing to lock: 1 migration locked already\n");
    assert_eq!(made.run("lock --check").code, 0);

    made.write("0002_tags.sql", "-- migrate: irreversible\nCREATE TABLE tags (a);\n");
    assert_eq!(made.run("check").done(), "2 migrations: they work, 1 of them locked\n");
    let told = made.run("lock --check");
    assert_eq!((told.code, told.stdout.as_str()), (3, "not locked: 0002_tags\n"));
    assert_eq!(made.run("lock --check --json").json(3)["unlocked"], json!(["0002_tags"]));

    made.write("0001_notes.sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);\n");
    for call in ["lock", "lock --shipped", "lock --check", "check"] {
        let shown = made.run(call).refused();
        assert!(shown.contains("`0001_notes` is locked, and has changed [M023]"), "{shown}");
    }
    assert_eq!(made.read("migrations.lock").unwrap(), locked);

    made.write("0001_notes.sql", "CREATE TABLE notes (\n  id INTEGER PRIMARY KEY, -- the key\n  body TEXT\n)");
    assert_eq!(made.run("lock --json").json(0)["locked"], json!(["0002_tags"]));
    assert!(made.read("migrations.lock").unwrap().starts_with(migration));
    assert_eq!(made.files(), 4);

    made.write("0002_tags.sql", "-- migrate: irreversible\nCREATE TABLE tags (\n  a\n);\n");
    assert_eq!(made.run("lock --check").code, 0);
    assert_eq!(
        made.run("lock").done(),
        "nothing to lock: 2 migrations locked already\ncommit migrations.lock, which is new\n"
    );
    assert_eq!(made.run("lock").done(), "nothing to lock: 2 migrations locked already\n");
}

#[test]
fn a_checkpoint_is_written_when_asked_for_and_kept_up_to_date() {
    let made = Crate::new();
    made.write(
        "0001_notes.sql",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO notes VALUES (1, 'a');\n",
    );
    assert_eq!(made.run("lock").code, 0);
    assert_eq!(made.read("migrations.checkpoint"), None);
    assert_eq!(made.run("lock --check --checkpoint").code, 3);
    assert_eq!(
        made.run("lock --checkpoint").done(),
        "nothing to lock: 1 migration locked already\ncommit migrations.checkpoint, which is new\n"
    );
    let first = made.read("migrations.checkpoint").unwrap();
    assert_eq!(
        made.run("check --full").done(),
        "1 migration: they work, 1 of them locked\nmigrations.checkpoint: it is what they make\n"
    );
    assert_eq!(made.run("lock --check --checkpoint").code, 0);

    made.write("0002_tags.sql", "-- migrate: irreversible\nCREATE TABLE tags (a);\n");
    assert_eq!(made.run("check --full").code, 0);
    assert_eq!(made.run("lock --check").done_with(3), "not locked: 0002_tags\nnot up to date: migrations.checkpoint\n");
    assert_eq!(
        made.run("lock").done(),
        "locked: 0002_tags\ncommit migrations.lock and migrations.checkpoint with them\n"
    );
    let second = made.read("migrations.checkpoint").unwrap();
    assert!(second != first && second.contains("CREATE TABLE tags (a);"), "{second}");

    made.write("migrations.checkpoint", &second.replace("'a'", "'b'"));
    assert_eq!(made.run("lock --check --json").json(3)["checkpoint"]["outdated"], json!(true));
    for call in ["check", "check --full"] {
        let shown = made.run(call);
        assert_eq!(shown.code, 0);
        assert!(shown.stderr.starts_with("warning: the checkpoint is not used") && shown.stderr.contains("[M027]"));
    }
    assert_eq!(made.run("lock").code, 0);
    assert_eq!(made.read("migrations.checkpoint").unwrap(), second);

    made.write("0003_seen.sql", "-- migrate: irreversible\nINSERT INTO tags VALUES (unixepoch());\n");
    let told = made.run("lock").done();
    assert!(told.contains("no checkpoint: the rows of `tags` are others in every run"), "{told}");
    assert_eq!(made.run("lock --check").code, 0);
    // What it stands for is still locked.
    assert_eq!(made.read("migrations.checkpoint").unwrap(), second);
    assert_eq!(made.run("check --full").code, 0);
    fs::remove_file(made.0.path().join("migrations/migrations.checkpoint")).unwrap();
    assert_eq!(made.run("check").done(), "3 migrations: they work, 3 of them locked\n");
}

#[test]
fn what_has_shipped_can_be_locked_though_it_would_not_pass() {
    let made = Crate::new();
    made.write("0002_less.sql", "BEGIN;\nALTER TABLE notes DROP COLUMN body;\nCOMMIT;\n");
    let shown = made.run("lock").refused();
    assert!(shown.contains("[M010]") && shown.contains("`lock --shipped`"), "{shown}");
    assert_eq!(made.read("migrations.lock"), None);
    assert_eq!(made.run("lock --shipped").code, 0);
    assert_eq!(made.run("check").done(), "2 migrations: they work, 2 of them locked\n");
}

#[test]
fn what_has_shipped_broken_is_not_held_against_the_next_one() {
    let made = Crate::new();
    made.write(
        "0002_broken.sql",
        "CREATE TABLE tags (id INTEGER PRIMARY KEY, note_id INTEGER REFERENCES old_notes (id));\n\
         CREATE VIEW v AS SELECT title FROM notes;\nCREATE VIEW w AS SELECT body FROM notes;\n",
    );
    assert_eq!(made.run("lock --shipped").code, 0);
    let next = "ALTER TABLE tags ADD COLUMN name TEXT;\nALTER TABLE notes ADD COLUMN day TEXT;\n";
    made.write("0003_more.sql", &format!("-- migrate: irreversible\n{next}"));
    assert_eq!(made.run("check").done(), "3 migrations: they work, 2 of them locked\n");
    // What it breaks itself is.
    made.write("0003_more.sql", &format!("-- migrate: irreversible\n{next}DROP TABLE notes;\n"));
    let shown = made.run("check").refused();
    assert!(shown.contains("view `w` cannot be read [M121]"), "{shown}");
}
