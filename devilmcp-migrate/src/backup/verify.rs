//! Whether a file is a sound database, and the one that it should be.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::ledger::{self, Record};

/// What a copy has to be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected<'a> {
    /// Sound, and with this history in this table.
    Sound(&'a str, Option<&'a [Record]>),
    /// As the original is, be it damaged.
    Alike,
}

/// Opens a file that nobody writes to, as it is: SQLite takes no lock, and leaves no file beside it.
/// <https://sqlite.org/uri.html#uriimmutable>
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE
        | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(format!("{}?immutable=1", uri(path)), flags)?;
    // What is in a file that somebody has brought is not to be trusted: https://sqlite.org/security.html
    conn.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA ignore_check_constraints = ON")?;
    Ok(conn)
}

/// In what the copy is not what the original is.
pub(super) fn difference(
    copy: &Connection,
    original: &Connection,
    expected: Expected<'_>,
) -> rusqlite::Result<Option<String>> {
    if let Some(name) = other(copy, original)? {
        return Ok(Some(format!("its {name} is not the database's")));
    }
    let Expected::Sound(table, history) = expected else { return Ok(None) };
    if let Some(complaint) = complaint(copy)? {
        return Ok(Some(format!("SQLite's quick_check says {complaint:?}")));
    }
    let is_same = ledger::read(copy, table).is_ok_and(|found| found.as_deref() == history);
    Ok((!is_same).then(|| "its history is not the database's".to_owned()))
}

/// In which of the figures that SQLite keeps about a database two of them differ.
pub(super) fn other(a: &Connection, b: &Connection) -> rusqlite::Result<Option<&'static str>> {
    let read =
        |conn: &Connection, name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    for name in ["page_size", "page_count", "freelist_count", "schema_version", "user_version", "application_id"] {
        if read(a, name)? != read(b, name)? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The first thing that SQLite finds wrong, if there is one.
///
/// Where the schema names functions or collations that only the application has, each table is looked at by itself, and those
/// that cannot be are left out. <https://sqlite.org/pragma.html#pragma_quick_check>
pub(super) fn complaint(conn: &Connection) -> rusqlite::Result<Option<String>> {
    let check = |conn: &Connection, query: &str| conn.query_row(query, [], |row| row.get::<_, String>(0));
    let is_complaint = |answer: &String| answer != "ok";
    match check(conn, "PRAGMA quick_check(1)") {
        Err(error) if is_unknown(&error) => {}
        answer => return Ok(Some(answer?).filter(is_complaint)),
    }
    let mut statement = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")?;
    let tables: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for table in tables {
        match check(conn, &format!("PRAGMA quick_check(\"{}\")", table.replace('"', "\"\""))) {
            Err(error) if is_unknown(&error) => {}
            answer => {
                if let Some(complaint) = Some(answer?).filter(is_complaint) {
                    return Ok(Some(complaint));
                }
            }
        }
    }
    Ok(None)
}

/// Whether SQLite does not know a word, rather than not like what is in the file.
fn is_unknown(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code().is_none_or(|code| code == rusqlite::ErrorCode::Unknown)
}

/// A path as SQLite's URIs have it. <https://sqlite.org/uri.html#the_uri_path>
fn uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    let bytes = path.as_os_str().as_encoded_bytes();
    if cfg!(windows) {
        uri.push('/');
    }
    for byte in bytes {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            // Writing to a String cannot fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}
