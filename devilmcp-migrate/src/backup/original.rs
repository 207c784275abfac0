//! The file of a database that is open, and another connection to it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::verify;
use crate::adopt::holds_something;
use crate::error::{Error, Inner};
use crate::session::pragma;

/// The file of a database that is open on a connection.
#[derive(Debug)]
pub(super) struct Original {
    /// Absolute, as SQLite has opened it.
    pub(super) path: PathBuf,
}

impl Original {
    /// The file of the main database; there is none of one in memory, or of a temporary one.
    pub(super) fn of(conn: &Connection) -> Result<Self, Error> {
        let read = || {
            let mut statement = conn.prepare("PRAGMA database_list")?;
            let mut rows = statement.query([])?;
            // The first is always the main one, even if it was given another name.
            let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            // Bytes, because a path need not be UTF-8.
            let bytes = row.get_ref(2)?.as_bytes_or_null();
            Ok(bytes.map_err(|_| rusqlite::Error::QueryReturnedNoRows)?.map(path).unwrap_or_default())
        };
        let path = read().map_err(Error::sqlite("find the database's file"))?;
        if path.as_os_str().is_empty() {
            return Err(unfit("the database", "it is in memory or temporary, and has no file"));
        }
        Ok(Self { path })
    }

    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    pub(super) fn file_name(&self) -> Result<&OsStr, Error> {
        self.path.file_name().ok_or_else(|| self.unfit("its path has no file name"))
    }

    /// Another connection, for reading, while `conn` holds the write lock and has written nothing.
    ///
    /// SQLite does not copy from the connection that is about to write: it would have to wait for itself. Others can read
    /// meanwhile, both with a rollback journal and in WAL mode.
    pub(super) fn reader(&self, conn: &Connection) -> Result<Connection, Error> {
        let mode: String = conn
            .query_row("PRAGMA main.locking_mode", [], |row| row.get(0))
            .map_err(Error::sqlite("read the locking mode"))?;
        if mode == "exclusive" {
            return Err(self.unfit("its connection is in the exclusive locking mode, so that no other can read it"));
        }
        self.probe()?;
        let reader = open(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let reader = reader.map_err(Error::backup_of("open for another connection", &self.path))?;
        // Of what has no page yet, the connection that is about to write has made one.
        if verify::other(&reader, conn).map_err(Error::sqlite("compare the connections"))?.is_some() {
            return Err(self.unfit(ANOTHER));
        }
        Ok(reader)
    }

    /// Makes sure that others see the lock. Where a file was moved or replaced after it was opened, or lives in another VFS,
    /// the copy would be of something else.
    fn probe(&self) -> Result<(), Error> {
        let probe = || {
            let conn = open(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            conn.busy_timeout(Duration::ZERO)?;
            conn.execute_batch("BEGIN IMMEDIATE; ROLLBACK")
        };
        let Err(error) = probe() else {
            return Err(self.unfit(ANOTHER));
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy) => Ok(()),
            Some(ErrorCode::NotADatabase) => {
                Err(self.unfit("another connection cannot read it: it is encrypted, or was opened through another VFS"))
            }
            _ => Err(Error::backup_of("open for another connection", &self.path)(error)),
        }
    }

    fn unfit(&self, reason: &str) -> Error {
        unfit(&format!("the database {}", self.path.display()), reason)
    }
}

fn unfit(subject: &str, reason: &str) -> Error {
    Inner::Unfit { subject: subject.to_owned(), verb: "backed up", reason: reason.to_owned() }.into()
}

/// Opens a file that is there, by itself: with a shared cache, it would share the lock.
pub(super) fn open(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
    Connection::open_with_flags(path, access | flags)
}

/// Whether there is nothing to keep: a connection that is about to write has made the first page, if there was none.
pub(super) fn is_new(conn: &Connection) -> Result<bool, Error> {
    Ok(pragma(conn, "page_count")? <= 1 && !holds_something(conn)?)
}

/// Whether there is not even a header.
pub(super) fn is_empty(conn: &Connection) -> Result<bool, Error> {
    Ok(pragma(conn, "page_count")? == 0)
}

const ANOTHER: &str = "the file there is not the one that is open, or was opened without locks";

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// Elsewhere SQLite's paths are UTF-8.
#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
