//! What is behind an error.

use std::fmt::{self, Write as _};
use std::io;

use devilmcp_migrate_core::authorizer::Denial;
use devilmcp_migrate_core::run;
use rusqlite::{ErrorCode, ffi};

use crate::printable::Printable;

/// What is behind an error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("{0}")]
    Refused(&'static str),
    #[error("a migration must not {}", .0.what())]
    Denied(Denial),
    #[error("{0}")]
    Io(io::Error),
    // Not rusqlite's own words: they repeat the whole statement.
    #[error(fmt = message)]
    Sqlite(rusqlite::Error),
}

fn message(error: &rusqlite::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(Printable(f), "{}", run::message(error))
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<rusqlite::Error> for Cause {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Whether another connection is in the way: one of the caller's own cannot go away while it is waited for.
pub(crate) fn is_locked(error: &rusqlite::Error) -> bool {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::FileLockingProtocolFailed))
        || extended == Some(ffi::SQLITE_LOCKED_SHAREDCACHE)
}

/// What SQLite takes, and no program that reads names.
pub(crate) const NO_TEXT: &str = "a name or text in its schema is not UTF-8";
