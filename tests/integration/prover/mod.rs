//! What the prover finds where there are rows, and what it must not find.

mod accepted;
mod examples;
mod references;
mod refused;

use devilmcp_migrate_core::name::Name;
use devilmcp_migrate_core::problem::Problems;
use devilmcp_migrate_core::prove::replay;
use devilmcp_migrate_core::render;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source::{Entry, SourceFile};

/// Tries migrations, each an up and a down (empty: irreversible); the codes of what was found, and all of it as text.
fn prove(migrations: &[(&str, &str)]) -> (Vec<&'static str>, String) {
    let mut entries = Vec::new();
    for (at, (up, down)) in migrations.iter().enumerate() {
        let mut add = |ending: &str, text: String| entries.push(entry(&format!("{:04}_m.{ending}", at + 1), &text));
        if down.is_empty() {
            add("sql", format!("-- migrate: irreversible\n{up}"));
        } else {
            add("sql", (*up).to_owned());
            add("down.sql", (*down).to_owned());
        }
    }
    code_and_text(entries)
}

fn entry(file_name: &str, text: &str) -> Entry {
    Entry { name: Name::parse(file_name).unwrap(), file: SourceFile::new(file_name, text.to_owned()) }
}

fn code_and_text(entries: Vec<Entry>) -> (Vec<&'static str>, String) {
    let mut problems = Problems::new();
    if let Some(sequence) = Sequence::new(entries, "migrations", &mut problems) {
        replay(&sequence, &mut problems);
    }
    let found = problems.finish();
    let text: Vec<String> = found.iter().map(render::plain).collect();
    (found.iter().map(|problem| problem.rule.code).collect(), text.join("\n\n"))
}

/// A table with all kinds of columns, and a child.
const USERS: (&str, &str) = (
    "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, age INTEGER, tags JSON, seen DATETIME, score REAL);
     CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, body TEXT NOT NULL);",
    "DROP TABLE posts; DROP TABLE users;",
);
