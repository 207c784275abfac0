//! What a tool knows of a file beside its text.

use crate::authorizer::is_of_the_file;
use crate::revision::Revision;
use crate::statement::statements;
use crate::token::significant;

/// What the tool that a migration was written for knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Under what it is entered in the tool's account of a database.
    pub revision: Revision,
    /// It is to be run outside of a transaction, and has a statement that needs that.
    pub alone: bool,
}

/// Whether there is a statement that SQLite does not do in a transaction. Where a tool leaves its transaction away for other reasons
/// (`PRAGMA foreign_keys`, a transaction of the script's own), a run has no need to.
pub(super) fn needs_no_transaction(sql: &str) -> bool {
    statements(sql).into_iter().any(|range| {
        let words: Vec<_> = significant(&sql[range]).collect();
        match words.as_slice() {
            [first, ..] if first.is("VACUUM") => true,
            [first, name, rest @ ..] if first.is("PRAGMA") => {
                is_of_the_file(name.text, rest.get(1).map_or("", |value| value.text))
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::needs_no_transaction;

    #[test]
    fn only_what_needs_it_is_run_outside() {
        for sql in ["SELECT 1; VACUUM;", "PRAGMA journal_mode = WAL", "pragma page_size(4096);"] {
            assert!(needs_no_transaction(sql), "{sql}");
        }
        for sql in ["", "PRAGMA foreign_keys = OFF; BEGIN; DROP TABLE a; COMMIT", "-- VACUUM"] {
            assert!(!needs_no_transaction(sql), "{sql}");
        }
    }
}
