//! A file that is written under another name until it is whole.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::name::{DRAFT, NOW};
use super::original::{self, Original};
use super::shelf::Shelf;
use super::verify::{self, Expected};
use super::{copy, owner};
use crate::error::{Error, Inner};
use crate::header::Header;
use crate::ledger;
use crate::session::pragma;

/// Copies what `from` reads to a new file on the shelf, and says which. The database is locked meanwhile.
pub(super) fn save(
    from: &Connection,
    original: &Original,
    shelf: &Shelf,
    expected: Expected<'_>,
    progress: &dyn Fn(u64, u64),
) -> Result<PathBuf, Error> {
    shelf.clear()?;
    let version = match expected {
        Expected::Sound(_, history) => history.and_then(<[_]>::last).map_or(0, |last| last.number),
        // If its history cannot be read, the rest may still be worth keeping.
        Expected::Alike => ledger::read(from, ledger::DEFAULT)
            .ok()
            .flatten()
            .and_then(|history| Some(history.last()?.number))
            .unwrap_or(0),
    };
    let file = free(from, shelf, version)?;
    let mut draft = file.clone().into_os_string();
    draft.push(DRAFT);
    let draft = Draft::create(draft.into())?;
    draft.fill(from, expected, progress)?;
    draft.publish(&file, &original.path)?;
    Ok(file)
}

/// A name that nothing has.
fn free(conn: &Connection, shelf: &Shelf, version: i64) -> Result<PathBuf, Error> {
    loop {
        let time: String =
            conn.query_row(&format!("SELECT {NOW}"), [], |row| row.get(0)).map_err(Error::sqlite("read the time"))?;
        let file = shelf.file(&time, version);
        // Not `exists`, which looks where a link points to.
        match fs::symlink_metadata(&file) {
            Ok(_) => thread::sleep(Duration::from_millis(1)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(file),
            Err(error) => return Err(Error::backup_of("look for", &file)(error)),
        }
    }
}

/// A new file, which is gone when this is dropped.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    file: File,
}

impl Draft {
    /// Makes the file, for nobody else to read. What is there already, be it a link to nowhere, is an error.
    pub(super) fn create(path: PathBuf) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(Error::backup_of("create", &path))?;
        Ok(Self { path, file })
    }

    /// Copies a database into it, and makes sure that it is the same.
    pub(super) fn fill(
        &self,
        from: &Connection,
        expected: Expected<'_>,
        progress: &dyn Fn(u64, u64),
    ) -> Result<(), Error> {
        let page_size = pragma(from, "page_size")?;
        let cookie = before(Header::read(from)?.cookie);
        let fill = || {
            // It was made as a file and not as a link, and is to have stayed one.
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NOFOLLOW;
            let mut to = original::open(&self.path, flags)?;
            // If anything goes wrong the file is deleted, so nothing need be undone; and it is synced once, when it is whole.
            to.execute_batch(&format!(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = {page_size};
                 PRAGMA schema_version = {cookie}"
            ))?;
            copy::copy(from, &mut to, progress)?;
            to.close().map_err(|(_, error)| error)?;
            verify::difference(&verify::open(&self.path)?, from, expected)
        };
        match fill().map_err(Error::backup_of("copy the database to", &self.path))? {
            None => Ok(()),
            Some(reason) => {
                let subject = format!("the copy {}", self.path.display());
                Err(Inner::Unfit { subject, verb: "kept", reason }.into())
            }
        }
    }

    /// Gives the file its name, with the permissions of another one. Once it has the name, it is whole and on the disk.
    pub(super) fn publish(self, name: &Path, model: &Path) -> Result<(), Error> {
        let seal = || {
            owner::copy(&fs::metadata(model)?, &self.file)?;
            self.file.sync_all()?;
            place(&self.path, name)
        };
        seal().map_err(Error::backup_of("write", name))?;
        let folder = name.parent().unwrap_or(Path::new("."));
        drop(self);
        sync(folder).map_err(Error::backup_of("sync the folder", folder))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // What cannot be deleted has a name by which the next run finds it.
        let _ = fs::remove_file(&self.path);
    }
}

/// The cookie that a database has to have for SQLite to make it this one: a copy counts it up.
fn before(cookie: i64) -> i32 {
    i32::try_from(cookie).unwrap_or_default().wrapping_sub(1)
}

/// Gives a file a second name, which has to be free; the first one the caller removes. To rename it would replace what is there.
fn place(draft: &Path, name: &Path) -> io::Result<()> {
    match fs::hard_link(draft, name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // Not every file system has hard links.
            match fs::symlink_metadata(name) {
                Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
                Err(_) => fs::rename(draft, name),
            }
        }
        result => result,
    }
}

/// Without this, a name may be gone after a loss of power.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened as a file is.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}
