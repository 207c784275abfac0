//! A path -> a connection, or a clear word why not.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::failure::Failure;

/// What a verb is going to do with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Look at it, or change one that exists.
    Read,
    /// Make it if it is not there.
    Create,
}

/// A name that is mistyped is no empty database.
pub(super) fn there(database: &Path) -> Result<(), Failure> {
    if database.exists() { Ok(()) } else { Err(Failure::Path(format!("there is no database {}", database.display()))) }
}

/// Opens the database. One that is not there is empty, and looking at it does not make it.
pub(super) fn open(path: &Path, access: Access) -> Result<Connection, Failure> {
    let shown = path.display().to_string();
    if path.is_dir() {
        return Err(Failure::Path(format!("{shown} is a directory, not a database file")));
    }
    let failed = |source| Failure::Open { path: shown.clone(), source };
    if access == Access::Read && !path.exists() {
        return Connection::open_in_memory().map_err(failed);
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(Failure::Path(format!("cannot create {shown}: there is no directory {}", folder.display())));
    }
    // Not the defaults: those read a path that begins with `file:` as a URI. SQLite falls back to reading where it must not
    // write.
    let creation = if access == Access::Create { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | creation;
    Connection::open_with_flags(path, flags).map_err(failed)
}
