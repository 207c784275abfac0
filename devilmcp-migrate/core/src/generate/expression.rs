//! Expressions that a person has written, which are put into statements.

use rusqlite::Connection;

use crate::run::message;
use crate::token::{Kind, tokens};

/// What is wrong with it, whatever its names mean: that it is no expression, or has parameters.
pub(super) fn fault(expression: &str) -> Option<String> {
    if let Some(fault) = ends_early(expression) {
        return Some(fault.to_owned());
    }
    let parsed = Connection::open_in_memory()
        // SQLite reads a view without looking for what it names.
        .and_then(|conn| conn.execute_batch(&format!("CREATE VIEW expression AS SELECT ({expression})")));
    match parsed {
        Ok(()) => None,
        Err(error) if message(&error).contains("parameters") => {
            Some("nobody is there to fill in a parameter".to_owned())
        }
        Err(error) => Some(message(&error)),
    }
}

/// Whether what comes behind it would be a part of it, or it of what stands before.
fn ends_early(expression: &str) -> Option<&'static str> {
    let mut depth = 0_usize;
    for token in tokens(expression) {
        match token.text {
            "(" if token.kind == Kind::Other => depth += 1,
            ")" if token.kind == Kind::Other => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Some("a parenthesis is closed that was not opened"),
            },
            _ => {}
        }
    }
    match tokens(expression).last() {
        Some(token) if token.kind == Kind::Comment && token.text.starts_with("--") => {
            Some("it ends in a comment, which would go on behind it")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn an_expression_is_told_from_what_is_none() {
        for right in
            ["1", "-1", "'a;b'", "a || ')'", "coalesce(a, (b))", "SELECT max(a) FROM t", "1 /* one */", "\"a b\""]
        {
            assert_eq!(fault(right), None, "{right}");
        }
        for wrong in
            ["-", "'", "(", "1)", "1) OR (2", "1 AS x", "1; --", "1 -- one", "/*", "*", "1 FROM t", "?", ":a", "1;", ""]
        {
            assert!(fault(wrong).is_some_and(|fault| !fault.is_empty()), "{wrong}");
        }
    }
}
