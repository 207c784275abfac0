//! Histories of a few lines, and what is said of their structure.

use super::replay;
use super::replay::asked;
use crate::lint::Levels;
use crate::lockfile::Lock;
use crate::name::Name;
use crate::problem::Problems;
use crate::schema::Schema;
use crate::sequence::Sequence;
use crate::source::{Entry, SourceFile};

/// The codes of what is wrong with the structure that these migrations make, each an up and a down.
fn codes(migrations: &[[&str; 2]]) -> Vec<&'static str> {
    let mut problems = Problems::new();
    let sequence = Sequence::new(entries(migrations), "migrations", &mut problems).unwrap();
    replay(&sequence, &mut problems);
    // A table that is dropped takes its rows along: that is not what these are about.
    let codes = problems.finish().into_iter().map(|problem| problem.rule.code);
    codes.filter(|code| *code < "M200").collect()
}

fn entries(migrations: &[[&str; 2]]) -> Vec<Entry> {
    let entry = |file_name: String, text: &str| {
        let file = SourceFile::new(&file_name, text.to_owned());
        Entry { name: Name::parse(&file_name).unwrap(), file }
    };
    let entries = migrations.iter().enumerate().flat_map(|(at, [up, down])| {
        let number = at + 1;
        [entry(format!("{number:04}_a.sql"), up), entry(format!("{number:04}_a.down.sql"), down)]
    });
    entries.collect()
}

/// What SQLite is not asked for after each locked migration is what it would say.
#[test]
fn what_is_foretold_of_locked_migrations_is_what_they_do() {
    let ups = [
        "CREATE TABLE Parent (id INTEGER PRIMARY KEY, name TEXT UNIQUE); INSERT INTO parent (name) VALUES ('a');",
        "CREATE TABLE child (id INTEGER PRIMARY KEY AUTOINCREMENT, parent_id INT REFERENCES parent);
         CREATE INDEX child_parent ON CHILD (parent_id);",
        "CREATE UNIQUE INDEX parent_name ON parent (name) -- why\n;",
        "CREATE TABLE IF NOT EXISTS parent (other); CREATE TEMP TABLE scratch (a);",
        "CREATE VIEW seen AS SELECT name FROM parent; CREATE TRIGGER t INSTEAD OF DELETE ON SEEN BEGIN SELECT 1; END;",
        "ALTER TABLE child ADD COLUMN note TEXT; CREATE INDEX child_note ON child (note);",
        "CREATE VIRTUAL TABLE words USING fts5 (word);",
        "DROP INDEX child_note; CREATE INDEX child_note ON child (note DESC);",
        "ALTER TABLE parent RENAME TO elder; CREATE TABLE copy AS SELECT * FROM elder;",
        "DROP VIEW seen; CREATE TABLE last (a);",
    ];
    let migrations: Vec<[&str; 2]> = ups.iter().map(|up| [*up, "SELECT 1"]).collect();
    let mut problems = Problems::new();
    let lock = Lock::of(Sequence::new(entries(&migrations), "migrations", &mut problems).unwrap().scripts());
    let sequence = Sequence::locked(entries(&migrations), &lock, "migrations", Levels::SILENT, &mut problems).unwrap();
    let proof = replay(&sequence, &mut problems).unwrap();
    assert_eq!(problems.finish().len(), 0);
    let (trial, changes) = asked(sequence.scripts()).unwrap();
    assert_eq!(*proof.changes, changes);
    assert!(changes.iter().enumerate().all(|(at, changes)| changes.is_empty() == (at == 3)), "{changes:?}");
    let schema = Schema::read(&trial.conn).unwrap();
    assert_eq!(proof.schema.as_ref(), Some(&schema));
    assert_eq!(proof.fingerprint, schema.fingerprint());
}

#[test]
fn a_key_that_is_referred_to_may_be_named_or_not() {
    let parent = ["CREATE TABLE p(id INTEGER PRIMARY KEY)", "DROP TABLE p"];
    let child = ["CREATE TABLE c(p_id INT REFERENCES p)", "DROP TABLE c"];
    let drop = ["DROP TABLE c", "CREATE TABLE c(p_id INT REFERENCES p (id))"];
    assert_eq!(codes(&[parent, child, drop]), [""; 0]);
    let wrong = ["DROP TABLE c", "CREATE TABLE c(p_id INT REFERENCES p (rowid))"];
    assert_eq!(codes(&[parent, child, wrong]), ["M107"]);
}

/// Any failure of such a constraint ends the transaction in which everything is tried.
#[test]
fn a_constraint_that_rolls_back_is_no_defect_of_ours() {
    let parent = ["CREATE TABLE p(x INT, y INT, PRIMARY KEY (x, y))", "DROP TABLE p"];
    let table = "CREATE TABLE a(x INT, y INT UNIQUE ON CONFLICT ROLLBACK, FOREIGN KEY (x, y) REFERENCES p)";
    let index = ["CREATE UNIQUE INDEX i ON a(x)", "DROP INDEX i"];
    assert_eq!(codes(&[parent, [table, "DROP TABLE a"], index]), [""; 0]);
    let wrong = ["CREATE UNIQUE INDEX j ON a(x)", "SELECT 1"];
    assert_eq!(codes(&[parent, [table, "DROP TABLE a"], wrong]), ["M107"]);
}
