//! What happened -> an error; and an error -> one that says what it means where it comes to.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ErrorCode;

use super::cause::{Cause, NO_TEXT, is_locked};
use super::wording::Left;
use super::{Error, Inner};

impl Error {
    /// An error of SQLite's while it was to do something that is not a migration.
    pub(crate) fn sqlite(attempt: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |error| {
            if devilmcp_migrate_core::text::is_not_utf8(&error) {
                return Inner::NotADatabase { source: Cause::Refused(NO_TEXT) }.into();
            }
            let (code, is_locked, source) = (error.sqlite_error_code(), is_locked(&error), Cause::Sqlite(error));
            let inner = match code {
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Inner::NotADatabase { source },
                _ if is_locked => Inner::Locked { timeout: Duration::ZERO, source },
                _ => Inner::Sqlite { attempt, source },
            };
            inner.into()
        }
    }

    /// An error of the system's or SQLite's with a file that is not the open database.
    pub(crate) fn backup_of<E: Into<Cause>>(attempt: &'static str, path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |error| Inner::Backup { attempt, path, source: error.into() }.into()
    }

    /// After a backup was made that may be needed.
    pub(crate) fn backed_up(self, backup: PathBuf) -> Self {
        Inner::BackedUp { backup, source: self }.into()
    }

    /// Fills in how long was waited for a lock.
    pub(crate) fn waited(mut self, busy_timeout: Duration) -> Self {
        if let Inner::Locked { timeout, .. } = &mut *self.0 {
            *timeout = busy_timeout;
        }
        self
    }

    /// After everything was done that was to be recorded.
    pub(crate) fn unrecorded(self, direction: &'static str, migration: String) -> Self {
        match *self.0 {
            Inner::Overruled { .. } => self,
            _ => Inner::Unrecorded { direction, migration, source: self }.into(),
        }
    }

    /// After other segments of the run have been committed.
    pub(crate) fn partway(self, at: String) -> Self {
        Inner::Partway { at, source: self }.into()
    }

    /// After somebody has cancelled: what came of that, told as such.
    pub(crate) fn cancelled(self) -> Self {
        let is_interrupt = |source: &Cause| match source {
            Cause::Sqlite(error) => {
                is_locked(error) || error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
            }
            Cause::Denied(_) | Cause::Refused(_) | Cause::Io(_) => false,
        };
        match *self.0 {
            Inner::Partway { at, source } => source.cancelled().partway(at),
            Inner::BackedUp { backup, source } => Inner::BackedUp { backup, source: source.cancelled() }.into(),
            Inner::Apply { direction, migration, line, source, .. } if is_interrupt(&source) => {
                let at = Some(format!("{direction} {migration}, line {line}"));
                Inner::Cancelled { at, source: Some(source) }.into()
            }
            Inner::Stopped { direction, migration, line, source, .. } if is_interrupt(&source) => {
                Inner::CancelledOutside { at: format!("{direction} {migration}, line {line}"), source }.into()
            }
            Inner::Backup { source, .. } if is_interrupt(&source) => {
                Inner::Cancelled { at: Some("the backup".to_owned()), source: Some(source) }.into()
            }
            Inner::Sqlite { source, .. } | Inner::Locked { source, .. } if is_interrupt(&source) => {
                Inner::Cancelled { at: None, source: Some(source) }.into()
            }
            Inner::Hook { when, migration, source } => match source.downcast::<rusqlite::Error>() {
                Ok(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
                    let at = Some(format!("the hook {when} {migration}"));
                    Inner::Cancelled { at, source: Some(Cause::Sqlite(*error)) }.into()
                }
                Ok(error) => Inner::Hook { when, migration, source: error }.into(),
                Err(source) => Inner::Hook { when, migration, source }.into(),
            },
            Inner::Interrupted { .. } => Inner::Cancelled { at: None, source: None }.into(),
            other => other.into(),
        }
    }

    /// Tells a database that cannot be written, and what was to be written.
    pub(crate) fn while_writing(self, left: Left) -> Self {
        // Where the folder is read-only, no journal can be opened.
        let code = self.sqlite_error().and_then(rusqlite::Error::sqlite_error_code);
        let is_read_only = matches!(code, Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen));
        match *self.0 {
            Inner::ReadOnly { source, .. } => Inner::ReadOnly { left: Some(left), source }.into(),
            Inner::Sqlite { source, .. } | Inner::Apply { source, .. } if is_read_only => {
                Inner::ReadOnly { left: Some(left), source: Some(source) }.into()
            }
            other => other.into(),
        }
    }
}
