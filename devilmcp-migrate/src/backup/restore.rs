//! Puts a backup back.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::draft::{self, Draft};
use super::original::{self, Original};
use super::shelf::Shelf;
use super::verify::{self, Expected};
use super::{copy, shelf};
use crate::error::{Error, Inner, is_locked};
use crate::ledger::{self, Record};
use crate::session::pragma;
use crate::wait::until;

/// What [`restore`] has done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restored {
    last: Option<(i64, String)>,
    saved: Option<PathBuf>,
}

impl Restored {
    /// The number of the migration that the database is at now; none before the first.
    pub fn version(&self) -> Option<i64> {
        self.last.as_ref().map(|(number, _)| *number)
    }

    /// The name of that migration.
    pub fn name(&self) -> Option<&str> {
        self.last.as_ref().map(|(_, name)| name.as_str())
    }

    /// Where the database is kept as it was before; nowhere if there was none, or an empty one.
    pub fn saved(&self) -> Option<&Path> {
        self.saved.as_deref()
    }
}

/// Makes `database` what `backup` is, be that a [`Backup`](crate::Backup) or any other SQLite database in one file.
///
/// The backup is checked first. If there is no database, it is made, with the backup's permissions. Otherwise it is saved beside
/// itself, named like any backup, and then overwritten under the same lock, in one transaction: other connections that have it open
/// see the old content or the new one, even where this process is killed or the machine loses power, and may stay open.
///
/// It waits up to five seconds for whoever holds the database.
///
/// # Errors
/// The database is then as it was. [`ErrorKind::Backup`](crate::ErrorKind::Backup): the backup is a symbolic link, damaged, empty,
/// no database, or comes with a journal (`-wal`, `-journal`), without which it is not whole; the database is damaged in such a way
/// that SQLite cannot open it, or belongs to a journal that was left behind without it: move those files away. Or it is in WAL mode, has
/// pages of another size, and others have it open. [`ErrorKind::Locked`](crate::ErrorKind::Locked): somebody holds it.
///
/// ```
/// use devilmcp_migrate::rusqlite::Connection;
/// use devilmcp_migrate::{Backup, restore};
///
/// devilmcp_migrate::migrations!("examples/notes/migrations");
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("notes.db");
/// let mut conn = Connection::open(&path)?;
/// MIGRATIONS.upgrade_to(&mut conn, Version::V0001CreateNotes)?;
/// let report = MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn)?;
///
/// let backup = report.backup().ok_or("there was nothing to save")?;
/// let restored = restore(backup, &path)?;
/// assert_eq!(restored.version(), Some(1));
/// assert_eq!(MIGRATIONS.version(&conn)?, Some(Version::V0001CreateNotes));
/// # Ok(())
/// # }
/// ```
pub fn restore(backup: impl AsRef<Path>, database: impl AsRef<Path>) -> Result<Restored, Error> {
    let absolute = |path: &Path| std::path::absolute(path).map_err(Error::backup_of("find", path));
    // SQLite may take a relative path that begins with `file:` for a URI.
    let (backup, database) = (&absolute(backup.as_ref())?, &absolute(database.as_ref())?);
    let (from, history) = read(backup)?;
    let saved = match fs::metadata(database) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(&from, history.as_deref(), backup, database)?;
            None
        }
        Err(error) => return Err(Error::backup_of("look for", database)(error)),
        Ok(_) if is_same(backup, database).map_err(Error::backup_of("compare with the backup", database))? => {
            return Err(unfit(backup, "it is the database itself"));
        }
        Ok(_) => overwrite(&from, database)?,
    };
    let last = history.unwrap_or_default().pop().map(|last| (last.number, last.name));
    Ok(Restored { last, saved })
}

/// Opens the backup, and makes sure that it is one.
fn read(backup: &Path) -> Result<(Connection, Option<Vec<Record>>), Error> {
    let found = fs::symlink_metadata(backup).map_err(Error::backup_of("look for", backup))?;
    if found.is_symlink() {
        return Err(unfit(backup, "it is a symbolic link"));
    }
    if !found.is_file() {
        return Err(unfit(backup, "it is not a file"));
    }
    if let Some(journal) = journal(backup) {
        return Err(unfit(backup, &format!("it is not whole without its journal {}", journal.display())));
    }
    let conn = verify::open(backup).map_err(Error::backup_of("open", backup))?;
    let complaint = match verify::complaint(&conn) {
        Ok(None) => None,
        Ok(Some(complaint)) => Some(format!("SQLite's quick_check says {complaint:?}")),
        Err(error) if is_no_database(&error) => Some("it is not an SQLite database, or is damaged".to_owned()),
        Err(error) => return Err(Error::backup_of("check", backup)(error)),
    };
    if let Some(reason) = complaint {
        return Err(unfit(backup, &reason));
    }
    if original::is_empty(&conn)? {
        return Err(unfit(backup, "it is empty"));
    }
    let history = ledger::read(&conn, ledger::DEFAULT).map_err(|error| unfit(backup, &error.to_string()))?;
    Ok((conn, history))
}

/// Makes a database where there is none.
fn create(from: &Connection, history: Option<&[Record]>, backup: &Path, database: &Path) -> Result<(), Error> {
    if let Some(journal) = journal(database) {
        // SQLite would take it for that of the new database, and change it: https://sqlite.org/howtocorrupt.html
        let reason = format!("there is a journal, {}, of a database that is gone: move it away", journal.display());
        return Err(unfit(backup, &reason));
    }
    let name = database.file_name().ok_or_else(|| unfit(backup, "the path of the database has no file name"))?;
    let folder = database.parent().unwrap_or(database);
    let folder = shelf::resolved(folder).map_err(Error::backup_of("find the folder", folder))?;
    let draft = with(&folder.join(name), &format!(".{}.partial", std::process::id()));
    let draft = Draft::create(draft)?;
    draft.fill(from, Expected::Sound(ledger::DEFAULT, history), &unheard)?;
    draft.publish(&folder.join(name), backup)
}

/// Saves what is there, and makes it something else, under one lock.
fn overwrite(from: &Connection, database: &Path) -> Result<Option<PathBuf>, Error> {
    let attempt = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => damaged(database),
        _ if is_locked(&error) => Error::sqlite("restore")(error).waited(TIMEOUT),
        _ => Error::backup_of("write", database)(error),
    };
    let mut conn = original::open(database, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(attempt)?;
    conn.busy_timeout(TIMEOUT).map_err(attempt)?;
    let is_wal = journal_mode(&conn, "PRAGMA journal_mode").map_err(attempt)? == "wal";
    conn.execute_batch("PRAGMA synchronous = FULL").map_err(attempt)?;
    let original = Original::of(&conn)?;
    let shelf = Shelf::of(&original, None)?;
    if is_wal && !has_other_pages(from, &conn)? {
        // In WAL mode others can read while this writes, so the copy may begin before the old content is saved.
        let reader = original::open(&original.path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(attempt)?;
        let copying = Backup::new(from, &mut conn).map_err(attempt)?;
        copy::step(&copying, 0).map_err(attempt)?;
        let saved = save(&reader, &original, &shelf)?;
        copy::finish(&copying, &unheard).map_err(attempt)?;
        return Ok(saved);
    }
    if is_wal && journal_mode(&conn, "PRAGMA journal_mode = DELETE").map_err(attempt)? == "wal" {
        return Err(attempt(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
            None,
        )));
    }
    // With a rollback journal nobody can read while this writes. In the exclusive mode the lock outlasts the transaction, so that it
    // holds from before the old content is saved until after the new one is there. It comes after BEGIN, which would otherwise
    // not let go of its read lock while it waits for a writer, who then waits for it.
    until(&conn, is_locked, || conn.execute_batch("BEGIN EXCLUSIVE")).map_err(attempt)?;
    conn.execute_batch("PRAGMA locking_mode = EXCLUSIVE; ROLLBACK").map_err(attempt)?;
    let saved = save(&conn, &original, &shelf)?;
    copy::copy(from, &mut conn, &unheard).map_err(attempt)?;
    Ok(saved)
}

fn save(conn: &Connection, original: &Original, shelf: &Shelf) -> Result<Option<PathBuf>, Error> {
    if original::is_empty(conn)? {
        return Ok(None);
    }
    draft::save(conn, original, shelf, Expected::Alike, &unheard).map(Some)
}

/// Nobody asks how far it has come.
fn unheard(_: u64, _: u64) {}

fn has_other_pages(a: &Connection, b: &Connection) -> Result<bool, Error> {
    Ok(pragma(a, "page_size")? != pragma(b, "page_size")?)
}

fn journal_mode(conn: &Connection, query: &str) -> rusqlite::Result<String> {
    until(conn, is_locked, || conn.query_row(query, [], |row| row.get(0)))
}

/// What belongs to a database and is not in its file, if there is any.
fn journal(database: &Path) -> Option<PathBuf> {
    let is_there = |path: &PathBuf| fs::metadata(path).is_ok_and(|found| found.len() > 0);
    ["-wal", "-journal"].map(|end| with(database, end)).into_iter().find(is_there)
}

fn with(path: &Path, end: &str) -> PathBuf {
    let mut path: OsString = path.into();
    path.push(end);
    path.into()
}

/// Whether two paths lead to one file.
#[cfg(unix)]
fn is_same(a: &Path, b: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let [a, b] = [fs::metadata(a)?, fs::metadata(b)?];
    Ok((a.dev(), a.ino()) == (b.dev(), b.ino()))
}

#[cfg(not(unix))]
fn is_same(a: &Path, b: &Path) -> io::Result<bool> {
    Ok(fs::canonicalize(a)? == fs::canonicalize(b)?)
}

fn is_no_database(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

fn unfit(backup: &Path, reason: &str) -> Error {
    let subject = format!("the backup {}", backup.display());
    Inner::Unfit { subject, verb: "put back", reason: reason.to_owned() }.into()
}

fn damaged(database: &Path) -> Error {
    let subject = format!("the database {}", database.display());
    let reason = "it is encrypted, damaged or none: move it away, with its -wal or -journal, and try again".to_owned();
    Inner::Unfit { subject, verb: "saved and overwritten", reason }.into()
}

/// How long to wait for whoever holds the database.
const TIMEOUT: Duration = Duration::from_secs(5);
