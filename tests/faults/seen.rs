//! All that a database holds, so that one can be compared with another.

use std::fmt::Write as _;

use devilmcp_migrate::rusqlite::types::ValueRef;
use devilmcp_migrate::rusqlite::{Connection, Result};

/// What is in a database, but for when it was written and how often the schema has changed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Schema, rows, and what kind of file it is.
    pub(crate) content: Vec<String>,
    /// The rows of the history.
    pub(crate) history: Vec<String>,
}

const HISTORY: &str = "_devilmcp_migrations";
const CLAIM: &str = "_devilmcp_migrations_claim";

impl Seen {
    pub(crate) fn of(conn: &Connection) -> Result<Self> {
        let objects = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name NOT LIKE '_devilmcp_%'";
        let mut content = rows(conn, "", objects)?;
        for pragma in ["page_size", "auto_vacuum", "journal_mode", "encoding", "application_id"] {
            content.extend(rows(conn, pragma, &format!("PRAGMA {pragma}"))?);
        }
        let mut tables = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
        let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
        for table in tables.iter().filter(|table| ![HISTORY, CLAIM].contains(&table.as_str())) {
            content.extend(rows(conn, table, &format!("SELECT * FROM \"{table}\""))?);
        }
        let query = format!("SELECT version, name, digest, history, down, app_version, adopted FROM {HISTORY}");
        let history = if tables.iter().any(|table| table == HISTORY) { rows(conn, "", &query)? } else { Vec::new() };
        Ok(Self { content, history })
    }

    /// The first thing that is not in both.
    pub(crate) fn difference(&self, other: &Self) -> String {
        let lines = |seen: &Self| seen.content.iter().chain(&seen.history).cloned().collect::<Vec<_>>();
        let (ours, theirs) = (lines(self), lines(other));
        let only = |a: &[String], b: &[String]| a.iter().find(|line| !b.contains(line)).cloned().unwrap_or_default();
        format!("here {:?}, there {:?}", only(&ours, &theirs), only(&theirs, &ours))
    }
}

/// The rows of a query as text, sorted.
fn rows(conn: &Connection, label: &str, query: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare(query)?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let mut line = label.to_owned();
        for at in 0..width {
            let _ = match row.get_ref(at)? {
                ValueRef::Text(text) => write!(line, "|{:?}", String::from_utf8_lossy(text)),
                ValueRef::Blob(blob) => write!(line, "|{blob:x?}"),
                value => write!(line, "|{value:?}"),
            };
        }
        lines.push(line);
    }
    lines.sort();
    Ok(lines)
}
