//! Histories of a few lines, and what is said of their structure.

use super::replay;
use crate::name::Name;
use crate::problem::Problems;
use crate::sequence::Sequence;
use crate::source::{Entry, SourceFile};

/// The codes of what is wrong with the structure that these migrations make, each an up and a down.
fn codes(migrations: &[[&str; 2]]) -> Vec<&'static str> {
    let mut problems = Problems::new();
    let entry = |file_name: String, text: &str| {
        let file = SourceFile::new(&file_name, text.to_owned());
        Entry { name: Name::parse(&file_name).unwrap(), file }
    };
    let entries = migrations.iter().enumerate().flat_map(|(at, [up, down])| {
        let number = at + 1;
        [entry(format!("{number:04}_a.sql"), up), entry(format!("{number:04}_a.down.sql"), down)]
    });
    let sequence = Sequence::new(entries.collect(), "migrations", &mut problems).unwrap();
    replay(&sequence, &mut problems);
    // A table that is dropped takes its rows along: that is not what these are about.
    let codes = problems.finish().into_iter().map(|problem| problem.rule.code);
    codes.filter(|code| *code < "M200").collect()
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
