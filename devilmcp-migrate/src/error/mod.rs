//! What can go wrong at run time.

mod cause;
mod conversion;
mod inner;
mod kind;
mod wording;

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::path::Path;

use rusqlite::ErrorCode;

use crate::difference::Difference;
use crate::printable::Printable;

pub use kind::ErrorKind;

pub(crate) use cause::{Cause, NO_TEXT, is_locked};
pub(crate) use inner::Inner;
pub(crate) use wording::Left;

/// Why a run ended early. Whatever the [kind](Error::kind), the [segment](crate::Segment) that failed has left nothing behind
/// unless it is not atomic: the database is as it was before the run, or, if the message says that it came as far as a migration,
/// as that one has left it.
pub struct Error(Box<Inner>);

impl Error {
    /// In what the schema is not what it should be: of a database that existed before ([`ErrorKind::Contradiction`]), or that has
    /// [drifted](ErrorKind::Drift); empty for every other kind.
    pub fn differences(&self) -> &[Difference] {
        match &*self.0 {
            Inner::Contradiction { differences, .. }
            | Inner::Drift { differences, .. }
            | Inner::DriftAfter { differences, .. }
            | Inner::Unlike { differences, .. } => differences,
            Inner::Partway { source, .. } | Inner::BackedUp { source, .. } => source.differences(),
            _ => &[],
        }
    }

    /// For where there is room: the message without the list it ends in, and all of that list.
    #[cfg(feature = "cli")]
    pub(crate) fn outline(&self) -> (String, Vec<String>) {
        let list: Vec<String> = match &*self.0 {
            Inner::ForeignKeys { violations } => violations.iter().map(ToString::to_string).collect(),
            Inner::Partway { .. } | Inner::BackedUp { .. } => Vec::new(),
            _ => self.differences().iter().map(ToString::to_string).collect(),
        };
        let message = self.to_string();
        let end = list.first().and_then(|first| message.find(&format!(": {first}")));
        (message[..end.unwrap_or(message.len())].to_owned(), list)
    }

    /// The error of SQLite's that is behind this one, if there is one.
    pub fn sqlite_error(&self) -> Option<&rusqlite::Error> {
        let cause = match &*self.0 {
            Inner::Locked { source, .. }
            | Inner::CannotOpen { source, .. }
            | Inner::NotADatabase { source }
            | Inner::Apply { source, .. }
            | Inner::Stopped { source, .. }
            | Inner::Deferred { source }
            | Inner::Backup { source, .. }
            | Inner::CancelledOutside { source, .. }
            | Inner::Sqlite { source, .. } => Some(source),
            Inner::Partway { source, .. } | Inner::Unrecorded { source, .. } | Inner::BackedUp { source, .. } => {
                return source.sqlite_error();
            }
            Inner::ReadOnly { source, .. } | Inner::Cancelled { source, .. } => source.as_ref(),
            Inner::Hook { source, .. } => return source.downcast_ref(),
            _ => None,
        };
        match cause? {
            Cause::Sqlite(error) => Some(error),
            Cause::Refused(_) | Cause::Denied(_) | Cause::Io(_) => None,
        }
    }

    /// Whether others hold a lock, and nothing has been changed.
    pub(crate) fn is_locked(&self) -> bool {
        matches!(*self.0, Inner::Locked { .. })
    }

    /// Where the database is kept as it was before the run that failed, if a [backup](crate::Backup) was made and is not what the
    /// database still is.
    pub fn backup(&self) -> Option<&Path> {
        match &*self.0 {
            Inner::BackedUp { backup, .. } => Some(backup),
            _ => None,
        }
    }

    /// Whether everything was rolled back, by a disk and a file that are sound.
    pub(crate) fn is_rolled_back(&self) -> bool {
        let code = self.sqlite_error().and_then(rusqlite::Error::sqlite_error_code);
        let is_unsound =
            matches!(code, Some(ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase));
        let is_left = matches!(
            *self.0,
            Inner::Stopped { .. } | Inner::Unrecorded { .. } | Inner::Overruled { .. } | Inner::Partway { .. }
        );
        !is_unsound && !is_left
    }

    /// Whether another process may be at what is in the way.
    pub(crate) fn is_claimed(&self) -> bool {
        matches!(*self.0, Inner::Interrupted { .. })
    }
}

impl From<Inner> for Error {
    fn from(inner: Inner) -> Self {
        Self(Box::new(inner))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Printable(f), "{}", self.0)
    }
}

/// The message and its causes: this is what a `main` that returns the error prints.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
