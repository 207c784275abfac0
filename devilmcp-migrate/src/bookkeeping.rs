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
    let [kind, name] = ["type", "name"].map(text::column);
    let query = format!(
        "SELECT {kind}, {name}, rootpage FROM main.sqlite_master
        WHERE tbl_name = ?1 COLLATE NOCASE AND main.sqlite_master.type IN ('table', 'view', 'trigger')
        ORDER BY main.sqlite_master.type"
    );
    let mut statement = conn.prepare(&query).map_err(attempt())?;
    let mut rows = statement.query([table]).map_err(attempt())?;
    let mut found = false;
    while let Some(row) = rows.next().map_err(attempt())? {
        let kind = text::read(row, 0).map_err(attempt())?;
        match kind.as_str() {
            "view" => return Err(damaged(table, "it is a view")),
            "trigger" => {
                let name = text::read(row, 1).map_err(attempt())?;
                return Err(damaged(table, &format!("the trigger {name} stands on it")));
            }
            // A virtual table has no pages of its own: https://sqlite.org/fileformat2.html#storage_of_the_sql_database_schema
            _ if row.get::<_, i64>(2).map_err(attempt())? == 0 => {
                return Err(damaged(table, "it is no ordinary table"));
            }
            _ => found = true,
        }
    }
    Ok(found)
}

/// It is not as this tool writes it.
pub(crate) fn damaged(table: &'static str, reason: &str) -> Error {
    Inner::History { table, reason: reason.to_owned() }.into()
}
