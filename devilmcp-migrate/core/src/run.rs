//! Executes one script, statement by statement, on a watched connection: the same at compile time and at run time.

use std::ops::Range;

use rusqlite::Connection;

use crate::authorizer::{Denial, Watch};
use crate::schema::HISTORY_PREFIX;
use crate::schema::name::Ident;
use crate::standing::Standing;
use crate::statement::{begins_with, statements};
use crate::token::{Kind, Token, significant, tokens};

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
    /// What SQLite says when all statements of a script have worked and it is to be made permanent.
    pub fn at_end(script: &str, error: rusqlite::Error) -> Self {
        let range = statements(script).pop().unwrap_or(0..script.len());
        Self { range, denial: None, error }
    }

    /// SQLite's own words.
    pub fn message(&self) -> String {
        message(&self.error)
    }

    /// Whether the statement is wrong in itself, and not because of what came before it.
    pub fn is_syntax(&self) -> bool {
        is_syntax(&self.message())
    }
}

/// Whether SQLite says by this that a statement is none.
pub(crate) fn is_syntax(message: &str) -> bool {
    ["syntax error", "unrecognized token", "incomplete input"].iter().any(|words| message.contains(words))
}

/// Runs every statement of `script`, but for those that its `standing` leaves out; rows that statements return are read to
/// the end and dropped.
///
/// # Errors
/// The first statement that fails. What ran before it is not undone here.
pub fn run(conn: &Connection, watch: &Watch, script: &str, standing: Standing) -> Result<(), Failure> {
    kept(script, standing).try_for_each(|range| statement(conn, watch, script, range))
}

/// Runs the statement of `script` that stands at `range`.
///
/// # Errors
/// It fails.
pub fn statement(conn: &Connection, watch: &Watch, script: &str, range: Range<usize>) -> Result<(), Failure> {
    let fail = |error| failure(error, watch, script, range.clone());
    let mut statement = watch.preparing(|| conn.prepare(&script[range.clone()])).map_err(fail)?;
    let mut rows = statement.query([]).map_err(fail)?;
    if renames(&script[range.clone()]) || is_vacuum(&script[range.clone()]) {
        watch.note_rename();
    }
    while rows.next().map_err(fail)?.is_some() {}
    Ok(())
}

/// The statements of `script` that its `standing` does not leave out.
pub fn kept(script: &str, standing: Standing) -> impl Iterator<Item = Range<usize>> {
    statements(script).into_iter().filter(move |range| !standing.skips(&script[range.clone()]))
}

fn is_vacuum(statement: &str) -> bool {
    begins_with(statement, "VACUUM")
}

fn renames(statement: &str) -> bool {
    begins_with(statement, "ALTER") && significant(statement).any(|word| word.is("RENAME"))
}

/// Prepares every statement of `script` without running it, and returns those that are wrong in themselves.
pub fn faults(conn: &Connection, watch: &Watch, script: &str, standing: Standing) -> Vec<Failure> {
    let failures = kept(script, standing).filter_map(|range| {
        let error = watch.preparing(|| conn.prepare(&script[range.clone()]).err())?;
        Some(failure(error, watch, script, range))
    });
    failures.filter(|failure| failure.denial.is_some() || failure.is_syntax()).collect()
}

/// Why the statement at `range` of `script` does not work, given what SQLite says of it.
pub fn failure(error: rusqlite::Error, watch: &Watch, script: &str, statement: Range<usize>) -> Failure {
    let range = match offset(&error) {
        Some(offset) if offset < statement.len() => {
            let start = statement.start + offset;
            // A string that is not closed is one token, and takes the rest of the file: its first line is enough to point at.
            let token = tokens(&script[start..]).next().and_then(|token| token.text.lines().next());
            let length = token.map_or(1, |line| line.len().max(1));
            start..start + length
        }
        _ => culprit(&error, script, &statement).unwrap_or(statement.clone()),
    };
    let denial = watch.take_denial().or_else(|| unasked(&error, watch, &script[statement]));
    Failure { range, denial, error }
}

/// Why a statement is not allowed that fails before the authorizer is asked: for being in a transaction, or because the
/// history table is not there when migrations are tried.
fn unasked(error: &rusqlite::Error, watch: &Watch, statement: &str) -> Option<Denial> {
    let is_history = |name: &Ident| name.as_str().to_ascii_lowercase().starts_with(HISTORY_PREFIX);
    if is_vacuum(statement) && watch.mode().is_atomic() {
        let is_into = significant(statement).any(|token| token.is("INTO"));
        Some(if is_into { Denial::Outside } else { Denial::Vacuum })
    } else if missing_name(error).as_ref().is_some_and(is_history) {
        Some(Denial::History)
    } else {
        None
    }
}

/// The token that is to blame, where SQLite does not say where it stands but says which it is.
fn culprit(error: &rusqlite::Error, script: &str, statement: &Range<usize>) -> Option<Range<usize>> {
    let is_parameter =
        |token: &Token<'_>| token.kind == Kind::Other && token.text.starts_with(['?', ':', '@', '$', '#']);
    let mut tokens = significant(&script[statement.clone()]);
    let token = if matches!(error, rusqlite::Error::InvalidParameterCount(..)) {
        tokens.find(is_parameter)
    } else {
        let name = missing_name(error)?;
        tokens.find(|token| Ident::from_token(token).as_ref() == Some(&name))
    }?;
    Some(statement.start + token.range().start..statement.start + token.range().end)
}

/// `tags`, of `no such table: main.tags`, and of what else SQLite says of a name that it does not know.
fn missing_name(error: &rusqlite::Error) -> Option<Ident> {
    let message = message(error);
    if let Some((_, column)) = message.split_once(" has no column named ") {
        return Some(Ident::new(column));
    }
    if let Some((column, _)) = message.strip_prefix("unknown column \"").and_then(|rest| rest.split_once('"')) {
        return Some(Ident::new(column));
    }
    let (_, name) = message.strip_prefix("no such ")?.split_once(": ")?;
    name.rsplit('.').next().map(Ident::new)
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
