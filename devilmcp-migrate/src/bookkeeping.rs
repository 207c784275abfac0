//! Tables in somebody's database that tell what was done to it, our own and those of other tools: whether one is there, and may be
//! trusted to be one.
//!
//! Whoever could write the file could put anything under their names. To read a virtual table is to run its module, and to
//! write a table is to fire its triggers.

#[cfg(feature = "cli")]
use devilmcp_migrate_core::history::claim;
use devilmcp_migrate_core::history::is_history;
use devilmcp_migrate_core::text;
use rusqlite::Connection;

use crate::error::{Error, Inner};

/// What there is under the name of a table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Table,
    /// A table with a trigger on it.
    Triggered,
    View,
    /// A virtual table.
    Virtual,
}

impl Found {
    /// Why it is not a plain table, if it is there and is none.
    pub(crate) fn oddity(&self) -> Option<&'static str> {
        match self {
            Self::Nothing | Self::Table => None,
            Self::Triggered => Some("a trigger stands on it"),
            Self::View => Some("it is a view"),
            Self::Virtual => Some("it is no ordinary table"),
        }
    }
}

/// Whether there is such a table of ours.
///
/// # Errors
/// There is something else of that name, or it is more than a table.
pub(crate) fn is_there(conn: &Connection, table: &str) -> Result<bool, Error> {
    let found = look(conn, table)?;
    match found.oddity() {
        None => Ok(found == Found::Table),
        Some(_) if found == Found::Triggered => {
            Err(damaged(table, &format!("the trigger {} stands on it", trigger(conn, table)?)))
        }
        Some(oddity) => Err(damaged(table, oddity)),
    }
}

/// What there is under this name.
///
/// # Errors
/// SQLite's.
pub(crate) fn look(conn: &Connection, table: &str) -> Result<Found, Error> {
    let attempt = || Error::sqlite("look for the history table");
    // A virtual table has no pages of its own: https://sqlite.org/fileformat2.html#storage_of_the_sql_database_schema
    let mut statement = conn
        .prepare(
            "SELECT CASE type WHEN 'table' THEN rootpage != 0 WHEN 'view' THEN 2 ELSE 3 END FROM main.sqlite_master
             WHERE tbl_name = ?1 COLLATE NOCASE AND type IN ('table', 'view', 'trigger')",
        )
        .map_err(attempt())?;
    let mut rows = statement.query([table]).map_err(attempt())?;
    let mut found = Found::Nothing;
    while let Some(row) = rows.next().map_err(attempt())? {
        match row.get(0).map_err(attempt())? {
            0 => return Ok(Found::Virtual),
            1 => found = Found::Table,
            2 => return Ok(Found::View),
            _ => return Ok(Found::Triggered),
        }
    }
    Ok(found)
}

/// The name of a trigger on a table that has one.
fn trigger(conn: &Connection, table: &str) -> Result<String, Error> {
    let query = format!(
        "SELECT {} FROM main.sqlite_master WHERE tbl_name = ?1 COLLATE NOCASE AND type = 'trigger'",
        text::expression("name")
    );
    conn.query_row(&query, [table], |row| text::read(row, 0)).map_err(Error::sqlite("look for the history table"))
}

/// The names of a table's columns, but for those that are computed when they are read.
///
/// # Errors
/// SQLite's.
pub(crate) fn columns(conn: &Connection, table: &str) -> Result<Vec<String>, Error> {
    let attempt = || Error::sqlite("look for the history table");
    let query = format!("SELECT {} FROM pragma_table_info(?1, 'main')", text::column("name"));
    let mut statement = conn.prepare(&query).map_err(attempt())?;
    let names = statement.query_map([table], |row| text::read(row, 0)).map_err(attempt())?;
    names.collect::<Result<_, _>>().map_err(attempt())
}

/// The histories that a database has beside the one in this table, in the order of their names.
pub(crate) fn others(conn: &Connection, table: &str) -> Result<Vec<String>, Error> {
    let attempt = || Error::sqlite("look for other histories");
    let query = format!("SELECT {} FROM main.sqlite_master WHERE type = 'table' ORDER BY name", text::column("name"));
    let mut statement = conn.prepare(&query).map_err(attempt())?;
    let mut rows = statement.query([]).map_err(attempt())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(attempt())? {
        let name = text::read(row, 0).map_err(attempt())?;
        if name != table && is_history(&name) {
            found.push(name);
        }
    }
    Ok(found)
}

/// The histories that a database has where it has none in this table, and no claim to a migration of it.
#[cfg(feature = "cli")]
pub(crate) fn elsewhere(conn: &Connection, table: &str) -> Result<Vec<String>, Error> {
    if is_there(conn, table)? || is_there(conn, &claim(table))? { Ok(Vec::new()) } else { others(conn, table) }
}

/// It is not as this tool writes it.
pub(crate) fn damaged(table: &str, reason: &str) -> Error {
    Inner::History { table: table.to_owned(), reason: reason.to_owned() }.into()
}
