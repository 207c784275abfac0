//! Texts in double quotes that were meant to name a column. SQLite takes one that names nothing for a string, and says so
//! only if it is told to.

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::flaw::{firing, reading};
use super::meant;
use super::trial::Trial;
use crate::place;
use crate::problem::Problem;
use crate::rule;
use crate::run::message;
use crate::schema::name::Ident;
use crate::schema::{Key, Kind, Object, object};
use crate::script::Script;
use crate::token::{Kind as TokenKind, significant};

/// A text in double quotes in the definition of an object, which names nothing.
pub(super) struct QuotedString {
    text: Ident,
    /// Whether an index is over it.
    is_term: bool,
}

impl QuotedString {
    pub(super) fn problem(&self, trial: &Trial, script: &Script, key: &Key) -> Problem {
        let Self { text, is_term } = self;
        let (rule, title) = if *is_term {
            (&rule::CONSTANT_TERM, format!("{key} is over the text '{text}', and not over a column"))
        } else {
            (&rule::QUOTED_STRING, format!("\"{text}\" in {key} names no column"))
        };
        let sql = &*script.up.text;
        let problem = match place::making(sql, key) {
            Some(range) => {
                let at = significant(&sql[range.clone()]).find(|token| in_double_quotes(token).as_ref() == Some(text));
                let at = at.map_or(range.clone(), |token| {
                    let found = token.range();
                    range.start + found.start..range.start + found.end
                });
                Problem::at_text(rule, &script.up, at, "SQLite takes this for a string")
            }
            None => Problem::at_path(rule, &*script.up.path),
        };
        let problem = problem.titled(title);
        let definition = trial.catalog.text(key).map_or("", |(_, definition)| definition);
        match meant::column(&trial.conn, definition, text) {
            Some(column) if *is_term => problem.helped(format!("did you mean `{column}`?")),
            Some(column) => problem.helped(format!(
                "did you mean `{column}`? If a string is meant, write it in single quotes: SQLite takes it for a string as it is"
            )),
            None => problem,
        }
    }
}

/// The first such text in an object that works otherwise; none if it cannot be told.
pub(super) fn string(trial: &Trial, key: &Key) -> rusqlite::Result<Option<QuotedString>> {
    let Some((table, sql)) = trial.catalog.text(key) else { return Ok(None) };
    if !may_be_in(sql, key.kind) {
        return Ok(None);
    }
    let error = match key.kind {
        Kind::View => strictly(&trial.conn, DbConfig::SQLITE_DBCONFIG_DQS_DML, &reading(&key.name))?,
        Kind::Trigger => match firing(&trial.conn, table, sql)? {
            Some(firing) => strictly(&trial.conn, DbConfig::SQLITE_DBCONFIG_DQS_DML, &firing)?,
            None => None,
        },
        Kind::Table => made_apart(&[sql])?,
        Kind::Index => {
            let table = Key { kind: Kind::Table, name: table.clone() };
            let Some((_, table)) = trial.catalog.text(&table) else { return Ok(None) };
            made_apart(&[table, sql])?
        }
    };
    let Some(text) = error.as_deref().and_then(unknown_name) else { return Ok(None) };
    // It may be another object's, which this one uses.
    let is_here = significant(sql).any(|token| in_double_quotes(&token).as_ref() == Some(&text));
    let is_term = match object(key.kind, sql) {
        Object::Index(index) => index.terms.iter().any(|term| term.expression.column().as_ref() == Some(&text)),
        Object::Table(_) | Object::Other(_) => false,
    };
    Ok(is_here.then_some(QuotedString { text, is_term }))
}

/// Whether it is worth a look: an index's own name and its table's are nearly always found elsewhere, too.
fn may_be_in(sql: &str, kind: Kind) -> bool {
    if !sql.contains('"') {
        return false;
    }
    let has_expressions = || significant(sql).any(|token| token.is("CHECK") || token.is("AS"));
    kind != Kind::Table || has_expressions()
}

/// What preparing `sql` fails with where a text in double quotes is always a name.
fn strictly(conn: &Connection, setting: DbConfig, sql: &str) -> rusqlite::Result<Option<String>> {
    let before = conn.db_config(setting)?;
    conn.set_db_config(setting, false)?;
    let error = conn.prepare(sql).err();
    conn.set_db_config(setting, before)?;
    Ok(error.as_ref().map(message))
}

/// What making the last of these objects fails with on an empty database, if the others can be made there, and it can
/// itself where a text in double quotes may be a string.
fn made_apart(objects: &[&str]) -> rusqlite::Result<Option<String>> {
    let Some((last, others)) = objects.split_last() else { return Ok(None) };
    let apart = Connection::open_in_memory()?;
    if others.iter().any(|sql| apart.execute_batch(sql).is_err()) {
        return Ok(None);
    }
    apart.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    let error = apart.execute_batch(last).err();
    apart.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, true)?;
    Ok(error.filter(|_| apart.execute_batch(last).is_ok()).as_ref().map(message))
}

/// `no such column: "emial" - should this be a string literal in single-quotes?`, and older forms.
fn unknown_name(message: &str) -> Option<Ident> {
    let name = message.strip_prefix("no such column: ")?;
    let name = name.split_once(" - should ").map_or(name, |(name, _)| name);
    let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    Some(Ident::new(inner))
}

fn in_double_quotes(token: &crate::token::Token<'_>) -> Option<Ident> {
    let is_one = token.kind == TokenKind::Quoted && token.text.starts_with('"');
    is_one.then(|| Ident::from_token(token)).flatten()
}
