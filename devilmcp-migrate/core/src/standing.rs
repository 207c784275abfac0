//! Whether a migration can still change, and what a run does by itself in one that cannot.

use std::borrow::Cow;

use crate::statement::{begins_with, statements};
use crate::token::{Token, significant, without_schema};

/// Whether a migration can still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It can, so it is judged.
    Draft,
    /// It has shipped and is in the lock file: it is replayed as it is, without what a run does by itself.
    Locked,
}

impl Standing {
    /// Whether a run leaves this statement of the migration out, at compile time and at run time alike: it says what is
    /// so anyway. Histories of other tools are full of these.
    pub fn skips(self, statement: &str) -> bool {
        self == Self::Locked && is_superfluous(statement)
    }

    /// The script without the statements that are left out; what stays stands where it stood.
    pub fn kept(self, script: &str) -> Cow<'_, str> {
        let mut kept = Cow::Borrowed(script);
        for range in statements(script).into_iter().filter(|range| self.skips(&script[range.clone()])) {
            // Byte by byte, so that nothing moves.
            let blank = script[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
            let blank: String = blank.collect();
            kept.to_mut().replace_range(range, &blank);
        }
        kept
    }
}

/// `BEGIN`, `COMMIT` or `END`, or `PRAGMA foreign_keys`: the run is one transaction, and foreign keys are off in it.
fn is_superfluous(statement: &str) -> bool {
    // Most statements are none of these, which is seen sooner without tokens.
    if !["BEGIN", "COMMIT", "END", "PRAGMA"].iter().any(|word| begins_with(statement, word)) {
        return false;
    }
    let mut tokens = significant(statement);
    let Some(first) = tokens.next() else { return false };
    if first.is("BEGIN") || first.is("COMMIT") || first.is("END") {
        is_rest_of_transaction(&first, &tokens.collect::<Vec<_>>())
    } else {
        first.is("PRAGMA") && is_foreign_keys(&tokens.take(3).collect::<Vec<_>>())
    }
}

/// <https://sqlite.org/lang_transaction.html>; what SQLite would not take is left for it to refuse.
fn is_rest_of_transaction(first: &Token<'_>, rest: &[Token<'_>]) -> bool {
    let is_kind = |token: &Token<'_>| ["DEFERRED", "IMMEDIATE", "EXCLUSIVE"].iter().any(|kind| token.is(kind));
    let rest = match rest {
        [kind, rest @ ..] if first.is("BEGIN") && is_kind(kind) => rest,
        rest => rest,
    };
    match rest {
        [] => true,
        [transaction] | [transaction, _] => transaction.is("TRANSACTION"),
        _ => false,
    }
}

fn is_foreign_keys(after_pragma: &[Token<'_>]) -> bool {
    without_schema(after_pragma).first().is_some_and(|name| name.is("foreign_keys"))
}

#[cfg(test)]
mod tests {
    use super::Standing;

    #[test]
    fn what_a_run_does_by_itself_is_left_out_of_what_is_locked() {
        for statement in [
            "BEGIN",
            "begin immediate",
            "BEGIN DEFERRED TRANSACTION",
            "COMMIT",
            "END TRANSACTION",
            "PRAGMA foreign_keys = OFF",
            "pragma main . foreign_keys(1) -- on",
        ] {
            assert!(Standing::Locked.skips(statement), "{statement}");
            assert!(!Standing::Draft.skips(statement), "{statement}");
        }
    }

    #[test]
    fn nothing_else_is_left_out() {
        for statement in [
            "ROLLBACK",
            "SAVEPOINT a",
            "RELEASE a",
            "BEGIN NOW",
            "COMMIT WORK",
            "PRAGMA foreign_key_check",
            "PRAGMA user_version = 1",
            "CREATE TABLE \"begin\" (a)",
            "EXPLAIN COMMIT",
        ] {
            assert!(!Standing::Locked.skips(statement), "{statement}");
        }
    }

    #[test]
    fn what_is_kept_stands_where_it_stood() {
        let script = "BEGIN /* é\n */ TRANSACTION;\nDROP TABLE a;\nCOMMIT;";
        let kept = Standing::Locked.kept(script);
        assert_eq!(kept.find("DROP TABLE a;"), script.find("DROP TABLE a;"));
        assert_eq!((kept.len(), kept.trim_matches([' ', '\n', ';'])), (script.len(), "DROP TABLE a"));
        assert_eq!(Standing::Draft.kept(script), script);
    }
}
