//! What a plan is made of, brought here from a server: the schema, and the tables in which this and other tools keep account.
//!
//! It is put into a database in memory under the same names, so that what reads a file reads this: whether the history adds up, what is
//! pending, what may be adopted, what has drifted. Of all other tables only what the schema says of them is there.

use devilmcp_migrate_core::schema::HISTORY_PREFIX;
use devilmcp_migrate_core::schema::name::quote;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::protocol::{Outcome, Statement};
use super::transaction::{Transaction, rows};
use crate::adopt::account_tables;
use crate::embedded::Embedded;
use crate::error::{Error, Inner};
use crate::header::Header;

/// What a plan is made of.
#[derive(Debug)]
pub(crate) struct Mirror {
    pub(crate) conn: Connection,
    pub(super) header: Header,
}

/// A row of `sqlite_schema`: type, name, table, root page, text.
type Entry = Vec<Value>;

/// More rows than this nobody reads of any of these tables.
const MOST: usize = 100_001;

impl Mirror {
    /// Of what the transaction sees.
    pub(super) fn of(transaction: &mut Transaction<'_>, embedded: &Embedded) -> Result<Self, Error> {
        let [tag, cookie, entries] = transaction.query(
            ATTEMPT,
            [
                Statement::query("PRAGMA user_version"),
                Statement::query("PRAGMA schema_version"),
                Statement::query("SELECT type, name, tbl_name, rootpage, sql FROM main.sqlite_master"),
            ],
        )?;
        let header = Header { tag: number(&tag)?, cookie: number(&cookie)? };
        let accounts: Vec<String> = account_tables(embedded).into_iter().map(str::to_ascii_lowercase).collect();
        let is_kept = |entry: &&Entry| is_plain_table(entry) && is_account(&text(entry, 1), &accounts);
        let kept: Vec<&Entry> = entries.iter().filter(is_kept).collect();
        let queries = kept
            .iter()
            .map(|entry| Statement::query(format!("SELECT * FROM main.{} LIMIT {MOST}", quote(&text(entry, 1)))));
        let outcomes = transaction.run(queries)?;
        let conn = Connection::open_in_memory().map_err(attempt())?;
        for (entry, outcome) in kept.iter().zip(outcomes) {
            keep(&conn, entry, outcome)?;
        }
        // The cookie moves with each table, so it comes after them. SQLite then reads the schema anew, and never again: what is entered below
        // stands for objects that are not there.
        let set = format!("PRAGMA user_version = {}; PRAGMA schema_version = {}", header.tag, header.cookie);
        conn.execute_batch(&set).map_err(attempt())?;
        conn.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).map_err(attempt())?;
        conn.execute_batch("PRAGMA writable_schema = ON").map_err(attempt())?;
        let names: Vec<String> = kept.iter().map(|entry| text(entry, 1)).collect();
        for entry in entries.iter().filter(|entry| !names.contains(&text(entry, 1)) && !is_own_index(entry, &names)) {
            let insert = "INSERT INTO main.sqlite_master VALUES (?1, ?2, ?3, ?4, ?5)";
            conn.execute(insert, params_from_iter(entry)).map_err(attempt())?;
        }
        conn.execute_batch("PRAGMA writable_schema = OFF").map_err(attempt())?;
        Ok(Self { conn, header })
    }
}

/// One table with its rows.
fn keep(conn: &Connection, entry: &Entry, outcome: Outcome) -> Result<(), Error> {
    let name = text(entry, 1);
    let odd = |_| Error::from(Inner::OddAccount { table: name.clone() });
    conn.execute_batch(&text(entry, 4)).map_err(odd)?;
    let found = rows(ATTEMPT, outcome)?;
    let places = vec!["?"; found.first().map_or(0, Vec::len)].join(", ");
    if found.is_empty() {
        return Ok(());
    }
    let mut insert = conn.prepare(&format!("INSERT INTO main.{} VALUES ({places})", quote(&name))).map_err(odd)?;
    for row in found {
        insert.execute(params_from_iter(row)).map_err(odd)?;
    }
    Ok(())
}

fn is_plain_table(entry: &Entry) -> bool {
    text(entry, 0) == "table" && !matches!(entry.get(3), Some(Value::Integer(0)) | None)
}

fn is_account(table: &str, accounts: &[String]) -> bool {
    let table = table.to_ascii_lowercase();
    table.starts_with(HISTORY_PREFIX) || accounts.contains(&table)
}

/// Whether it is an index that SQLite has made itself with one of these tables.
fn is_own_index(entry: &Entry, tables: &[String]) -> bool {
    matches!(entry.get(4), Some(Value::Null)) && tables.contains(&text(entry, 2))
}

fn text(entry: &Entry, at: usize) -> String {
    match entry.get(at) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// A pragma that is one integer.
pub(super) fn number(rows: &[Vec<Value>]) -> Result<i64, Error> {
    match rows.first().map(Vec::as_slice) {
        Some([Value::Integer(number)]) => Ok(*number),
        _ => Err(Error::sqlite("read a pragma")(rusqlite::Error::QueryReturnedNoRows)),
    }
}

fn attempt() -> impl FnOnce(rusqlite::Error) -> Error {
    Error::sqlite(ATTEMPT)
}

const ATTEMPT: &str = "read the schema and the history";
