//! The programs that are disturbed.

pub(crate) mod devilmcp {
    devilmcp_migrate::migrations!("../migrations");
}

/// A run of three transactions, with foreign keys off, on, and off.
pub(crate) mod enforced {
    devilmcp_migrate::migrations!("fixtures/enforced");
}

/// Four parts, two of them outside of transactions.
pub(crate) mod alone {
    devilmcp_migrate::migrations!("fixtures/alone");
}

/// Twelve migrations, ten of which have a summary.
pub(crate) mod summed {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, OnceLock};

    use devilmcp_migrate::{Event, Migrations};
    use devilmcp_migrate_core::problem::Problems;
    use devilmcp_migrate_core::prove::freeze;
    use devilmcp_migrate_core::sequence::Sequence;
    use devilmcp_migrate_core::source;

    use crate::generated::{self, Version};

    const UPS: [(&str, &str); 12] = [
        ("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);", "DROP TABLE notes;"),
        ("CREATE INDEX notes_body ON notes (body);", "DROP INDEX notes_body;"),
        ("ALTER TABLE notes ADD COLUMN at TEXT;", "ALTER TABLE notes DROP COLUMN at;"),
        ("CREATE TABLE labels (name TEXT PRIMARY KEY) STRICT;", "DROP TABLE labels;"),
        ("INSERT INTO labels VALUES ('first'), ('second');", "DELETE FROM labels;"),
        ("CREATE VIEW named AS SELECT name FROM labels;", "DROP VIEW named;"),
        ("CREATE TABLE links (note REFERENCES notes (id), label REFERENCES labels (name));", "DROP TABLE links;"),
        ("CREATE VIRTUAL TABLE words USING fts5 (word);", "DROP TABLE words;"),
        ("INSERT INTO words VALUES ('a few words');", "DELETE FROM words;"),
        ("CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT);", "DROP TABLE counted;"),
        ("CREATE INDEX links_note ON links (note);", "DROP INDEX links_note;"),
        ("INSERT INTO counted DEFAULT VALUES;", "DELETE FROM counted;"),
    ];

    pub(crate) fn migrations() -> &'static Migrations<Version> {
        static MIGRATIONS: OnceLock<Migrations<Version>> = OnceLock::new();
        MIGRATIONS.get_or_init(|| {
            let scripts = UPS.map(|(up, down)| (up.to_owned(), Some(down.to_owned())));
            // As a checkpoint has it.
            let folder = tempfile::tempdir().unwrap();
            for ((up, _), number) in UPS.iter().zip(1..=10) {
                let text = format!("-- migrate: irreversible\n{up}");
                std::fs::write(folder.path().join(format!("{number:04}_step.sql")), text).unwrap();
            }
            let mut problems = Problems::new();
            let entries = source::read(folder.path(), "migrations", &mut problems);
            let sequence = Sequence::new(entries, "migrations", &mut problems).unwrap();
            assert!(problems.finish().is_empty());
            let summary = freeze(sequence.scripts()).unwrap();
            let fingerprint = generated::fingerprint(UPS.map(|(up, _)| up)).unwrap();
            let program = generated::of(&scripts, fingerprint, Some((10, &summary))).unwrap();
            let statements = Arc::new(AtomicUsize::new(0));
            let heard = Arc::clone(&statements);
            let count = move |event: &Event<'_>| {
                heard.fetch_add(usize::from(matches!(event, Event::Statement { .. })), Ordering::Relaxed);
            };
            program.migrator().on_event(count).open_in_memory().unwrap();
            assert_eq!(statements.load(Ordering::Relaxed), 2, "those of the last two, which are not in the summary");
            program
        })
    }
}
