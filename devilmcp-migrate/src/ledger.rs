//! The history table: what was applied, when, and how to undo it.

use std::time::{SystemTime, UNIX_EPOCH};

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::name::{Number, label};
use devilmcp_migrate_core::schema::HISTORY_PREFIX;
use devilmcp_migrate_core::text;
use rusqlite::{Connection, Row, Statement, ToSql, params};

use crate::bookkeeping;
use crate::error::Error;

/// What it is called where nothing else is said.
pub(crate) const DEFAULT: &str = HISTORY_PREFIX;

/// More than anybody has written, and few enough to be read.
const MOST: usize = 100_000;

/// One migration that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) digest: Digest,
    pub(crate) history: Digest,
    /// How to undo it, as the program knew it that applied it.
    pub(crate) down: Option<String>,
    /// UTC, RFC 3339, with milliseconds.
    pub(crate) applied_at: String,
    pub(crate) duration_us: i64,
    pub(crate) app_version: Option<String>,
    /// The schema cookie after it.
    pub(crate) schema_cookie: i64,
    /// What it makes was there before.
    pub(crate) adopted: bool,
}

impl Record {
    /// `0007_add_tags`, as messages name it.
    pub(crate) fn label(&self) -> String {
        label(self.number, &self.name)
    }
}

const CREATE: &str = "(
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    digest BLOB NOT NULL,
    history BLOB NOT NULL,
    down TEXT,
    applied_at TEXT NOT NULL,
    duration_us INTEGER NOT NULL,
    app_version TEXT,
    schema_cookie INTEGER NOT NULL,
    adopted INTEGER NOT NULL
) STRICT";

const COLUMNS: [&str; 10] = [
    "version",
    "name",
    "digest",
    "history",
    "down",
    "applied_at",
    "duration_us",
    "app_version",
    "schema_cookie",
    "adopted",
];

/// Those that hold text.
const TEXTS: [&str; 4] = ["name", "down", "applied_at", "app_version"];

/// The history, oldest first; none if the table is not there.
pub(crate) fn read(conn: &Connection, table: &str) -> Result<Option<Vec<Record>>, Error> {
    if !exists(conn, table)? {
        return Ok(None);
    }
    let attempt = || Error::sqlite("read the history table");
    let columns = COLUMNS.map(|name| if TEXTS.contains(&name) { text::column(name) } else { name.to_owned() });
    let query = format!("SELECT {} FROM main.{table} ORDER BY version", columns.join(", "));
    let mut statement = conn.prepare(&query).map_err(attempt())?;
    let mut rows = statement.query([]).map_err(attempt())?;
    let mut records: Vec<Record> = Vec::new();
    while let Some(row) = rows.next().map_err(attempt())? {
        if records.len() == MOST {
            return Err(bookkeeping::damaged(table, &format!("it has more than {MOST} rows")));
        }
        let record = record(row).map_err(|reason| bookkeeping::damaged(table, &reason))?;
        let before = records.last().map_or(Digest::EMPTY, |record| record.history);
        let number =
            Number::new(record.number).ok_or_else(|| bookkeeping::damaged(table, "it holds a version below 1"))?;
        if record.history != before.then(number, &record.name, record.digest) {
            let reason = format!("the digests do not add up from {} on", record.label());
            return Err(bookkeeping::damaged(table, &reason));
        }
        records.push(record);
    }
    Ok(Some(records))
}

/// Of the newest row, the version, the history and the schema cookie; none where that cannot be read: [`read`] says why.
///
/// The history is a chain, so whoever knows the end of it need not read the rest.
pub(crate) fn last(conn: &Connection, table: &str) -> Result<Option<(i64, Digest, i64)>, Error> {
    if !bookkeeping::is_there(conn, table)? {
        return Ok(None);
    }
    let query = format!("SELECT version, history, schema_cookie FROM main.{table} ORDER BY version DESC LIMIT 1");
    let found = conn.query_row(&query, [], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?)));
    Ok(found.ok().and_then(|(version, history, cookie)| Some((version, Digest::from_slice(&history)?, cookie))))
}

/// The statement that makes the table.
pub(crate) fn making(table: &str) -> String {
    format!("CREATE TABLE {table} {CREATE}")
}

/// Makes the table.
pub(crate) fn create(conn: &Connection, table: &str) -> Result<(), Error> {
    conn.execute_batch(&making(table)).map_err(Error::sqlite("create the history table"))
}

/// Removes the table, which is empty.
pub(crate) fn drop(conn: &Connection, table: &str) -> Result<(), Error> {
    conn.execute_batch(&dropping(table)).map_err(Error::sqlite("drop the history table"))
}

/// Writes down migrations that were applied.
///
/// With one statement for all of them: one that stands between changes of the schema is parsed again after each.
#[derive(Debug)]
pub(crate) struct Writer<'c>(Statement<'c>);

impl<'c> Writer<'c> {
    pub(crate) fn new(conn: &'c Connection, table: &str) -> Result<Self, Error> {
        conn.prepare(&writing(table)).map(Self).map_err(Error::sqlite("write the history table"))
    }

    /// Writes down one that was applied at that time; `applied_at` of the record is ignored.
    pub(crate) fn append(&mut self, record: &Record, at: SystemTime) -> Result<(), Error> {
        bind(record, at, |values| self.0.execute(values)).map_err(Error::sqlite("write the history table"))?;
        Ok(())
    }
}

/// The statement that writes down a migration.
pub(crate) fn writing(table: &str) -> String {
    format!(
        "INSERT INTO main.{table}
        VALUES (?1, ?2, ?3, ?4, ?5, strftime('%Y-%m-%dT%H:%M:%fZ', ?6, 'unixepoch'), ?7, ?8, ?9, ?10)"
    )
}

/// What that says of one that was applied at that time; `applied_at` of the record is ignored.
pub(crate) fn bind<T>(record: &Record, at: SystemTime, act: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
    act(params![
        record.number,
        record.name,
        record.digest.0,
        record.history.0,
        record.down,
        at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64(),
        record.duration_us,
        record.app_version,
        record.schema_cookie,
        record.adopted,
    ])
}

/// The statement that forgets a migration.
pub(crate) fn forgetting(table: &str) -> String {
    format!("DELETE FROM main.{table} WHERE version = ?1")
}

/// The statement that notes the cookie after one.
pub(crate) fn noting(table: &str) -> String {
    format!("UPDATE main.{table} SET schema_cookie = ?2 WHERE version = ?1")
}

/// The statement that removes the table.
pub(crate) fn dropping(table: &str) -> String {
    format!("DROP TABLE main.{table}")
}

/// Forgets a migration that has just been undone.
pub(crate) fn remove(conn: &Connection, table: &str, number: i64) -> Result<(), Error> {
    conn.execute(&forgetting(table), [number]).map_err(Error::sqlite("write the history table"))?;
    Ok(())
}

/// Notes the schema cookie that proves the schema after the last migration.
pub(crate) fn set_cookie(conn: &Connection, table: &str, number: i64, cookie: i64) -> Result<(), Error> {
    conn.execute(&noting(table), [number, cookie]).map_err(Error::sqlite("write the history table"))?;
    Ok(())
}

/// Whether there is a history table, and it is one of ours.
fn exists(conn: &Connection, table: &str) -> Result<bool, Error> {
    if !bookkeeping::is_there(conn, table)? {
        return Ok(false);
    }
    let names = bookkeeping::columns(conn, table)?;
    if names != COLUMNS {
        let reason = format!("its columns are {}, expected {}", names.join(", "), COLUMNS.join(", "));
        return Err(bookkeeping::damaged(table, &reason));
    }
    Ok(true)
}

/// A row; or what is wrong with it.
fn record(row: &Row<'_>) -> Result<Record, String> {
    let digest = |at| {
        let bytes: Vec<u8> = row.get(at)?;
        Digest::from_slice(&bytes).ok_or(rusqlite::Error::InvalidColumnType(
            at,
            COLUMNS[at].to_owned(),
            rusqlite::types::Type::Blob,
        ))
    };
    let read = || {
        Ok(Record {
            number: row.get(0)?,
            name: text::read(row, 1)?,
            digest: digest(2)?,
            history: digest(3)?,
            down: text::optional(row, 4)?,
            applied_at: text::read(row, 5)?,
            duration_us: row.get(6)?,
            app_version: text::optional(row, 7)?,
            schema_cookie: row.get(8)?,
            adopted: row.get(9)?,
        })
    };
    read().map_err(|error| match error {
        rusqlite::Error::InvalidColumnType(_, column, _) => format!("its column {column} does not hold what it should"),
        _ => "it holds a row that cannot be read".to_owned(),
    })
}
