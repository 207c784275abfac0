//! The kind of row that a statement fails with, from among those that were tried.

use rusqlite::Connection;

use super::cells::cells;
use crate::run::Failure;
use crate::schema::name::{Ident, quote};
use crate::source::SourceFile;
use crate::statement::statements;
use crate::token::{Token, significant};

/// Rows of the kind that a statement fails with.
pub(super) struct Breaking {
    /// The table that they are in.
    pub(super) table: Ident,
    /// The values of one, or of two that are alike.
    pub(super) rows: String,
}

/// A row, or two that are alike, with which the statement of `file` fails that has just failed on `conn`; none if it cannot be
/// told.
pub(super) fn row(conn: &Connection, file: &SourceFile, failure: &Failure) -> Option<Breaking> {
    let at = failure.range.start;
    let statement = statements(&file.text).into_iter().find(|range| range.start <= at && at < range.end)?;
    let words: Vec<Token<'_>> = significant(&file.text[statement]).collect();
    let tables = sources(conn, &words);
    let message = failure.message();
    if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        let (table, columns) = alike(columns)?;
        let list = columns.join(", ");
        let same =
            format!("({list}) IN (SELECT {list} FROM main.{0} GROUP BY {list} HAVING count(*) > 1)", quote(table));
        return shown(conn, table, &same, 2);
    }
    let conditions = conditions(&message, &words);
    conditions.iter().find_map(|condition| tables.iter().find_map(|table| shown(conn, table, condition, 1)))
}

/// The tables that a statement reads; that which it fills has no rows to blame.
fn sources(conn: &Connection, words: &[Token<'_>]) -> Vec<String> {
    let is_table = |name: &Ident| {
        let query = "SELECT count(*) FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE";
        conn.query_row(query, [name.as_str()], |row| row.get::<_, i64>(0)).is_ok_and(|count| count > 0)
    };
    let named = words.iter().filter_map(Ident::from_token).filter(is_table);
    let mut tables: Vec<String> = named.map(|name| name.as_str().to_owned()).collect();
    if tables.len() > 1 && words.first().is_some_and(|first| first.is("INSERT") || first.is("REPLACE")) {
        tables.remove(0);
    }
    tables
}

/// What is true of such rows, most telling first.
fn conditions(message: &str, words: &[Token<'_>]) -> Vec<String> {
    let column = message.rsplit_once('.').map(|(_, column)| quoted_name(column));
    let mut conditions = Vec::new();
    if message.starts_with("NOT NULL constraint failed: ") {
        conditions.extend(column.map(|column| format!("{column} IS NULL")));
    } else if let Some(kind) = message.strip_prefix("cannot store ").and_then(|rest| rest.split_once(" value ")) {
        conditions.extend(column.map(|column| format!("typeof({column}) = lower('{}')", kind.0)));
    } else if let Some(check) = message.strip_prefix("CHECK constraint failed: ") {
        conditions.push(format!("NOT ({check})"));
    } else if message.ends_with("constraint failed") && !words.iter().any(|word| word.is("CHECK")) {
        // SQLite does not say which column it is: one of those that the statement names.
        let names = words.iter().filter_map(Ident::from_token);
        conditions.extend(names.map(|name| format!("{} IS NULL", quoted_name(name.as_str()))));
    }
    conditions.push("true".to_owned());
    conditions
}

/// In brackets: a name in double quotes that is no column would be a string.
fn quoted_name(name: &str) -> String {
    format!("[{}]", name.replace(']', ""))
}

/// `notes` and its columns, of `notes.title, notes.body`
fn alike(columns: &str) -> Option<(&str, Vec<String>)> {
    let pairs: Option<Vec<(&str, &str)>> = columns.split(", ").map(|column| column.split_once('.')).collect();
    let pairs = pairs?;
    Some((pairs.first()?.0, pairs.iter().map(|(_, column)| quote(column)).collect()))
}

/// The first rows of a table of which this is true.
fn shown(conn: &Connection, table: &str, condition: &str, most: usize) -> Option<Breaking> {
    const MOST_COLUMNS: usize = 6;
    let query = format!("SELECT * FROM main.{} WHERE {condition} LIMIT {most}", quote(table));
    let mut query = conn.prepare(&query).ok()?;
    let columns: Vec<String> = query.column_names().into_iter().take(MOST_COLUMNS).map(str::to_owned).collect();
    let rows = query.query_map([], |row| Ok(format!("({})", cells(&columns, row)?.join(", ")))).ok()?;
    let rows: Vec<String> = rows.flatten().collect();
    (rows.len() == most).then(|| Breaking { table: Ident::new(table), rows: rows.join(" and ") })
}
