//! Tables of our own in somebody's database: whether one is there, and may be trusted to be one.
//!
//! Whoever could write the file could put anything under their names. To read a virtual table is to run its module, and to
//! write a table is to fire its triggers.

use devilmcp_migrate_core::text;
use rusqlite::Connection;

use crate::error::{Error, Inner};

/// Whether there is such a table.
///
/// # Errors
/// There is something else of that name, or it is more than a table.
pub(crate) fn is_there(conn: &Connection, table: &'static str) -> Result<bool, Error> {
    let attempt = || Error::sqlite("look for the history table");
    // A virtual table has no pages of its own: https://sqlite.org/fileformat2.html#storage_of_the_sql_database_schema
    let mut statement = conn
        .prepare(
            "SELECT CASE type WHEN 'table' THEN rootpage != 0 WHEN 'view' THEN 2 ELSE 3 END FROM main.sqlite_master
             WHERE tbl_name = ?1 COLLATE NOCASE AND type IN ('table', 'view', 'trigger')",
        )
        .map_err(attempt())?;
    let mut rows = statement.query([table]).map_err(attempt())?;
    let mut found = false;
    while let Some(row) = rows.next().map_err(attempt())? {
        match row.get(0).map_err(attempt())? {
            0 => return Err(damaged(table, "it is no ordinary table")),
            1 => found = true,
            2 => return Err(damaged(table, "it is a view")),
            _ => return Err(damaged(table, &format!("the trigger {} stands on it", trigger(conn, table)?))),
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

/// It is not as this tool writes it.
pub(crate) fn damaged(table: &'static str, reason: &str) -> Error {
    Inner::History { table, reason: reason.to_owned() }.into()
}
