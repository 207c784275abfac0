//! A failed statement -> a problem, with advice that fits the case.

use rusqlite::Connection;

use super::meant::meant;
use crate::authorizer::{Denial, is_of_the_file};
use crate::problem::Problem;
use crate::rule::{self, Rule};
use crate::run::Failure;
use crate::source::SourceFile;
use crate::token::{Kind, Token, significant, without_schema};

/// A statement that has failed on `conn` as a problem, under the rule that fits it best.
pub(super) fn explain(conn: &Connection, otherwise: &'static Rule, file: &SourceFile, failure: &Failure) -> Problem {
    let (rule, label) = match failure.denial {
        Some(Denial::Transaction) => (&rule::TRANSACTION, "not allowed in a migration".to_owned()),
        Some(Denial::OwnTransaction) => (&rule::TRANSACTION, "not allowed outside of transactions".to_owned()),
        Some(Denial::Vacuum) => (&rule::OUTSIDE, "not in a transaction".to_owned()),
        Some(Denial::Outside) => (&rule::OUTSIDE, "not allowed in a migration".to_owned()),
        Some(Denial::Pragma) => (&rule::PRAGMA, "not a migration's to set".to_owned()),
        Some(Denial::History) => (&rule::RESERVED_NAME, "not a migration's to touch".to_owned()),
        None => (otherwise, label(failure)),
    };
    let problem = Problem::at_text(rule, file, failure.range.clone(), label);
    let (before, from) = file.text.split_at(failure.range.start);
    let mut tokens = significant(from);
    let Some(first) = tokens.next() else { return problem };
    let help = match failure.denial {
        Some(Denial::Pragma) => instead_of_pragma(tokens).map(str::to_owned),
        Some(Denial::Vacuum) => {
            let problem = problem.titled("VACUUM cannot run in a transaction, and migrations run in one");
            return problem.helped("put it into a migration of its own, with `-- migrate: no_transaction` at the top");
        }
        Some(Denial::OwnTransaction) => {
            let problem = problem.titled("the migration begins or ends a transaction, and says that it is run in none");
            return problem.helped(
                "delete the statement: each of the others is a transaction by itself; or delete `-- migrate: no_transaction`, and they are all run in one",
            );
        }
        Some(_) => None,
        None => correction(before, &first, failure).map(str::to_owned).or_else(|| meant(conn, &file.text, failure)),
    };
    match help {
        Some(help) => problem.helped(help),
        None => problem,
    }
}

/// SQLite's words; of an unclosed string it says all that follows, too.
fn label(failure: &Failure) -> String {
    let message = failure.message();
    match message.split_once('\n') {
        Some((line, _)) => format!("{line} ..."),
        None => message,
    }
}

/// What to do where a pragma was set, if that is known better than in general.
fn instead_of_pragma<'a>(after_pragma: impl Iterator<Item = Token<'a>>) -> Option<&'static str> {
    let words: Vec<Token<'_>> = after_pragma.take(5).collect();
    let (name, value) = match without_schema(&words) {
        [name, _, value, ..] => (name, value.text.trim_matches(['\'', '"'])),
        [name, ..] => (name, ""),
        [] => return None,
    };
    if is_of_the_file(name.text, value) {
        Some(
            "it does nothing in a transaction: put it into a migration of its own, with `-- migrate: no_transaction` at the top",
        )
    } else if name.is("journal_mode") {
        Some("delete it: with a journal that is not on disk, or none, a crash in a migration would spoil the database")
    } else if name.is("foreign_keys") {
        Some(
            "delete it: foreign keys are off while a migration runs, and are checked before the commit; to have them enforced, put `-- migrate: foreign_keys(on)` at its top",
        )
    } else if name.is("writable_schema") {
        Some("delete it, and change the schema with CREATE, ALTER and DROP: SQLite checks what they do")
    } else if name.is("user_version") || name.is("schema_version") {
        Some("delete it: which migrations were applied is recorded for you")
    } else {
        None
    }
}

/// What is likely to be wrong with a statement of which SQLite says too little. `at` is what it points at.
fn correction(before: &str, at: &Token<'_>, failure: &Failure) -> Option<&'static str> {
    const FIRST_WORDS: [&str; 8] = ["ALTER", "CREATE", "DELETE", "DROP", "INSERT", "PRAGMA", "SELECT", "UPDATE"];
    if matches!(failure.error, rusqlite::Error::InvalidParameterCount(..)) {
        return Some("write the value itself: nobody is there to fill it in when a migration runs");
    }
    let message = failure.message();
    let begins_statement = FIRST_WORDS.iter().any(|word| at.is(word));
    let follows = significant(before).last().is_some_and(|token| token.kind != Kind::Semicolon);
    if message.contains("incomplete input") {
        Some("the statement ends too early: a `)` or, in a trigger, `END;` may be missing")
    } else if message.contains("syntax error") && begins_statement && follows {
        Some("a `;` may be missing before it: SQLite reads it as a part of the statement above")
    } else if message.contains("unrecognized token") && matches!(at.kind, Kind::String | Kind::Quoted) {
        Some("this quote is never closed; inside a string it is written twice, as in 'it''s'")
    } else if message.contains("syntax error") && at.kind == Kind::Word && before.ends_with('\'') {
        Some("if the string should go on here: an apostrophe inside it is written twice, as in 'it''s'")
    } else {
        None
    }
}
