//! A path -> a connection, or a clear word why not.

use std::path::Path;

use rusqlite::Connection;

use super::failure::Failure;
use crate::error::Error;
use crate::opening::{Absent, connect};

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
    let opened = match access {
        Access::Read if !path.exists() => {
            Connection::open_in_memory().map_err(Error::sqlite("open a database in memory"))
        }
        Access::Read => connect(path, Absent::Refuse),
        Access::Create => connect(path, Absent::Make),
    };
    Ok(opened?)
}
