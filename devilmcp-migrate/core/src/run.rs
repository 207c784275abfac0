//! Executes one script, statement by statement, on a watched connection: the same at compile time and at run time.

use std::ops::Range;

use rusqlite::Connection;

use crate::authorizer::{Denial, Watch};
use crate::statement::statements;
use crate::token::{significant, tokens};

/// A statement that did not work.
#[derive(Debug)]
pub struct Failure {
    /// The bytes of the script that SQLite points at: a token if it says which, or the statement.
    pub range: Range<usize>,
    /// Why it was not allowed, if that was it.
    pub denial: Option<Denial>,
    /// What SQLite says.
    pub error: rusqlite::Error,
}

impl Failure {
    /// SQLite's own words.
    pub fn message(&self) -> String {
        message(&self.error)
    }

    /// Whether the statement is wrong in itself, and not because of what came before it.
    pub fn is_syntax(&self) -> bool {
        let message = self.message();
        ["syntax error", "unrecognized token", "incomplete input"].iter().any(|words| message.contains(words))
    }
}

/// Runs every statement of `script`; rows that statements return are read to the end and dropped.
///
/// # Errors
/// The first statement that fails. What ran before it is not undone here.
pub fn run(conn: &Connection, watch: &Watch, script: &str) -> Result<(), Failure> {
    statements(script).into_iter().try_for_each(|range| statement(conn, watch, script, range))
}

fn statement(conn: &Connection, watch: &Watch, script: &str, range: Range<usize>) -> Result<(), Failure> {
    let fail = |error| failure(error, watch, script, range.clone());
    let mut statement = watch.preparing(|| conn.prepare(&script[range.clone()])).map_err(fail)?;
    let mut rows = statement.query([]).map_err(fail)?;
    if renames(&script[range.clone()]) {
        watch.note_rename();
    }
    while rows.next().map_err(fail)?.is_some() {}
    Ok(())
}

fn renames(statement: &str) -> bool {
    let mut words = significant(statement);
    words.next().is_some_and(|first| first.is("ALTER")) && words.any(|word| word.is("RENAME"))
}

/// Prepares every statement of `script` without running it, and returns those that are wrong in themselves.
pub fn faults(conn: &Connection, watch: &Watch, script: &str) -> Vec<Failure> {
    let failures = statements(script).into_iter().filter_map(|range| {
        let error = watch.preparing(|| conn.prepare(&script[range.clone()]).err())?;
        Some(failure(error, watch, script, range))
    });
    failures.filter(|failure| failure.denial.is_some() || failure.is_syntax()).collect()
}

fn failure(error: rusqlite::Error, watch: &Watch, script: &str, statement: Range<usize>) -> Failure {
    let range = match offset(&error) {
        Some(offset) if offset < statement.len() => {
            let start = statement.start + offset;
            let length = tokens(&script[start..]).next().map_or(1, |token| token.text.len());
            start..start + length
        }
        _ => statement.clone(),
    };
    // The authorizer is not asked about this one: it fails for being in a transaction.
    let vacuum = tokens(&script[statement]).next().is_some_and(|token| token.is("VACUUM"));
    Failure { range, denial: watch.take_denial().or(vacuum.then_some(Denial::Outside)), error }
}

/// SQLite's own words, without rusqlite's around them.
pub fn message(error: &rusqlite::Error) -> String {
    match error {
        #[cfg(feature = "bundled")]
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::InvalidParameterCount(..) => "a migration has no values for parameters".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(feature = "bundled")]
fn offset(error: &rusqlite::Error) -> Option<usize> {
    match error {
        rusqlite::Error::SqlInputError { offset, .. } => usize::try_from(*offset).ok(),
        _ => None,
    }
}

/// Where SQLite is the system's, it may be too old to say.
#[cfg(not(feature = "bundled"))]
fn offset(_: &rusqlite::Error) -> Option<usize> {
    None
}
