//! What can go wrong at run time.

mod wording;

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use devilmcp_migrate_core::authorizer::Denial;
use devilmcp_migrate_core::run;
use rusqlite::{ErrorCode, ffi};

use crate::difference::Difference;
use crate::foreign_keys::Violation;
use crate::hooks::When;
use wording::{Count, Held, List, WasWere};

pub(crate) use wording::Left;

/// Why a run ended early. Whatever the [kind](Error::kind), the [segment](crate::Segment) that failed has left nothing behind
/// unless it is not atomic: the database is as it was before the run, or, if the message says that it came as far as a migration,
/// as that one has left it.
pub struct Error(Box<Inner>);

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The connection is in a transaction; migrations bring their own.
    InTransaction,
    /// Another connection held the database for longer than the busy timeout.
    Locked,
    /// The database cannot be written, and there is something to write.
    ReadOnly,
    /// The file is not an SQLite database, or is damaged.
    NotADatabase,
    /// A statement of a migration failed.
    Apply,
    /// A [hook](crate::Migrator::after) of the program's failed, or stands where it could not be rolled back. What it has returned is the
    /// source of the error.
    Hook,
    /// Somebody has [cancelled](crate::Cancel) the run. Of a migration that runs outside of a transaction, what came before the statement
    /// that was interrupted stays, and the message says so.
    Cancelled,
    /// A migration that runs outside of a transaction was begun, and is not recorded as done: another process is at it, or it was
    /// interrupted. [`Migrator::resolve`](crate::Migrator::resolve) is the way out.
    Interrupted,
    /// There is no such migration to resolve.
    NothingToResolve,
    /// A migration would leave rows whose foreign keys point at nothing.
    ForeignKeys,
    /// A migration that was applied has been edited or renamed since.
    Edited,
    /// A migration that was applied is not in this program, though newer ones are.
    Missing,
    /// A migration of this program was never applied, though newer ones were.
    OutOfOrder,
    /// The database was upgraded by a newer program.
    Newer,
    /// The target lies in the other direction.
    WrongDirection,
    /// A migration on the way down has no way back.
    Irreversible,
    /// The way down leads below a database that existed before the first migration.
    BelowBaseline,
    /// The history table is not one that this tool writes.
    History,
    /// A database that existed before is not what the baseline says.
    Contradiction,
    /// The schema is not what the applied migrations make, and the caller [does not want that](crate::Drift::Refuse).
    Drift,
    /// A database that existed before is at a revision of another tool that no migration stands for.
    UnknownRevision,
    /// No backup could be made, so nothing was begun; or one could not be [put back](crate::restore()).
    Backup,
    /// The program was not rebuilt since the migrations directory changed; debug builds only.
    Stale,
    /// Any other error of SQLite.
    Sqlite,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Inner {
    #[error("the connection is inside a transaction: commit or roll it back before migrating")]
    InTransaction,
    #[error("another connection {}", Held(*timeout))]
    Locked { timeout: Duration, source: Cause },
    #[error("the database cannot be written{}", left.as_ref().map_or_else(String::new, |left| format!(", with {left}")))]
    ReadOnly { left: Option<Left>, source: Option<Cause> },
    #[error("the file is not an SQLite database, or is damaged")]
    NotADatabase { source: Cause },
    #[error(
        "{direction} {migration} failed at line {line}, column {column}, and everything was rolled back: {statement}"
    )]
    Apply { direction: &'static str, migration: String, line: usize, column: usize, statement: String, source: Cause },
    #[error(
        "{direction} {migration} failed outside of a transaction at line {line}, column {column}, what came before it stays, and it has to be resolved: {statement}"
    )]
    Stopped { direction: &'static str, migration: String, line: usize, column: usize, statement: String, source: Cause },
    #[error("the run was cancelled{}, and everything was rolled back", at.as_ref().map_or_else(String::new, |at| format!(" at {at}")))]
    Cancelled { at: Option<String>, source: Option<Cause> },
    #[error(
        "the run was cancelled outside of a transaction, at {at}: what came before it stays, and it has to be resolved"
    )]
    CancelledOutside { at: String, source: Cause },
    #[error("the hook {when} {migration} failed, and everything was rolled back")]
    Hook { when: When, migration: String, source: Box<dyn StdError + Send + Sync> },
    #[error(
        "{migration} runs outside of a transaction, where nothing could take a hook back: let it belong to a migration that does not"
    )]
    HookOutside { migration: String },
    #[error(
        "{migration} was begun outside of a transaction by process {process} at {since}, to be {verb}, and is not recorded as done: unless that process is still at it, see what it has done, and resolve it"
    )]
    Interrupted { migration: String, verb: &'static str, process: i64, since: String },
    #[error(
        "{direction} {migration} has run outside of a transaction, but that could not be recorded, and has to be resolved"
    )]
    Unrecorded { direction: &'static str, migration: String, source: Error },
    #[error("{migration} was resolved by somebody else while this process was still at it")]
    Overruled { migration: String },
    #[error("there is no migration to resolve: none was begun outside of a transaction and not recorded as done")]
    NothingToResolve,
    #[error("the migrations would leave {} behind, and everything was rolled back: {}", Count(violations.len(), "dangling foreign key"), List("; ", violations))]
    ForeignKeys { violations: Vec<Violation> },
    #[error(
        "the migrations would leave a foreign key without a unique key to point at, and everything was rolled back: {message}"
    )]
    ForeignKeyMismatch { message: String },
    #[error("a deferred foreign key of the migrations is not satisfied at the commit, and everything was rolled back")]
    Deferred { source: Cause },
    #[error("the run came as far as {at}")]
    Partway { at: String, source: Error },
    #[error("the database was migrated by other texts than this program holds: {}", List(", ", migrations))]
    Edited { migrations: Vec<String> },
    #[error(
        "the database was migrated by {}, which this program does not hold, though it holds newer ones",
        List(", ", migrations)
    )]
    Missing { migrations: Vec<String> },
    #[error("{} never applied to the database, though {newest} was", WasWere(migrations))]
    OutOfOrder { migrations: Vec<String>, newest: String },
    #[error("the database is at {database}, newer than this program, which knows up to {program}")]
    Newer { database: String, program: String },
    #[error("the database is at {current}, {side} {target}: {verb} leads there")]
    WrongDirection { current: String, side: &'static str, target: String, verb: &'static str },
    #[error("{migration} is irreversible")]
    Irreversible { migration: String },
    #[error("the database existed before {migration} and was adopted: to undo that would drop what was there before")]
    BelowBaseline { migration: String },
    #[error("the table {table} is not a history that this tool has written: {reason}")]
    History { table: &'static str, reason: String },
    #[error("the database existed before and is not what {migration} makes: {}", List("; ", differences))]
    Contradiction { migration: String, differences: Vec<Difference> },
    #[error("the schema is not what the migrations up to {at} make: {}", List("; ", differences))]
    Drift { at: String, differences: Vec<Difference> },
    #[error(
        "the schema would not be what the migrations up to {at} make, and everything was rolled back: {}",
        List("; ", differences)
    )]
    DriftAfter { at: String, differences: Vec<Difference> },
    #[error("the database is at revision {revision:?} of {tool}, which no migration stands for")]
    UnknownRevision { tool: &'static str, revision: String },
    #[error("cannot {attempt} {}", path.display())]
    Backup { attempt: &'static str, path: PathBuf, source: Cause },
    #[error("{subject} cannot be {verb}: {reason}")]
    Unfit { subject: String, verb: &'static str, reason: String },
    #[error("the run failed, and what the database was before it is in {}", backup.display())]
    BackedUp { backup: PathBuf, source: Error },
    #[error("this program was built before these files changed in {directory}: {}; build it again", List(", ", files))]
    Stale { directory: &'static str, files: Vec<String> },
    #[error("SQLite failed to {attempt}")]
    Sqlite { attempt: &'static str, source: Cause },
}

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
    #[error("{}", run::message(.0))]
    Sqlite(rusqlite::Error),
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

impl Error {
    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        match &*self.0 {
            Inner::InTransaction => ErrorKind::InTransaction,
            Inner::Locked { .. } => ErrorKind::Locked,
            Inner::ReadOnly { .. } => ErrorKind::ReadOnly,
            Inner::NotADatabase { .. } => ErrorKind::NotADatabase,
            Inner::Apply { .. } | Inner::Stopped { .. } => ErrorKind::Apply,
            Inner::Cancelled { .. } | Inner::CancelledOutside { .. } => ErrorKind::Cancelled,
            Inner::Hook { .. } | Inner::HookOutside { .. } => ErrorKind::Hook,
            Inner::Interrupted { .. } | Inner::Overruled { .. } => ErrorKind::Interrupted,
            Inner::NothingToResolve => ErrorKind::NothingToResolve,
            Inner::ForeignKeys { .. } | Inner::ForeignKeyMismatch { .. } | Inner::Deferred { .. } => {
                ErrorKind::ForeignKeys
            }
            Inner::Partway { source, .. } | Inner::Unrecorded { source, .. } | Inner::BackedUp { source, .. } => {
                source.kind()
            }
            Inner::Edited { .. } => ErrorKind::Edited,
            Inner::Missing { .. } => ErrorKind::Missing,
            Inner::OutOfOrder { .. } => ErrorKind::OutOfOrder,
            Inner::Newer { .. } => ErrorKind::Newer,
            Inner::WrongDirection { .. } => ErrorKind::WrongDirection,
            Inner::Irreversible { .. } => ErrorKind::Irreversible,
            Inner::BelowBaseline { .. } => ErrorKind::BelowBaseline,
            Inner::History { .. } => ErrorKind::History,
            Inner::Contradiction { .. } => ErrorKind::Contradiction,
            Inner::Drift { .. } | Inner::DriftAfter { .. } => ErrorKind::Drift,
            Inner::UnknownRevision { .. } => ErrorKind::UnknownRevision,
            Inner::Backup { .. } | Inner::Unfit { .. } => ErrorKind::Backup,
            Inner::Stale { .. } => ErrorKind::Stale,
            Inner::Sqlite { .. } => ErrorKind::Sqlite,
        }
    }

    /// In what the schema is not what it should be: of a database that existed before ([`ErrorKind::Contradiction`]), or that has
    /// [drifted](ErrorKind::Drift); empty for every other kind.
    pub fn differences(&self) -> &[Difference] {
        match &*self.0 {
            Inner::Contradiction { differences, .. }
            | Inner::Drift { differences, .. }
            | Inner::DriftAfter { differences, .. } => differences,
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

    /// An error of SQLite's while it was to do something that is not a migration.
    pub(crate) fn sqlite(attempt: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |error| {
            if matches!(error, rusqlite::Error::Utf8Error(..)) {
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

    /// An error of the system's or SQLite's with a file that is not the open database.
    pub(crate) fn backup_of<E: Into<Cause>>(attempt: &'static str, path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |error| Inner::Backup { attempt, path, source: error.into() }.into()
    }

    /// After a backup was made that may be needed.
    pub(crate) fn backed_up(self, backup: PathBuf) -> Self {
        Inner::BackedUp { backup, source: self }.into()
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

    /// Whether another process may be at what is in the way.
    pub(crate) fn is_claimed(&self) -> bool {
        matches!(*self.0, Inner::Interrupted { .. })
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

/// Whether another connection is in the way: one of the caller's own cannot go away while it is waited for.
pub(crate) fn is_locked(error: &rusqlite::Error) -> bool {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::FileLockingProtocolFailed))
        || extended == Some(ffi::SQLITE_LOCKED_SHAREDCACHE)
}

/// What SQLite takes, and no program that reads names.
pub(crate) const NO_TEXT: &str = "a name or text in its schema is not UTF-8";

impl From<Inner> for Error {
    fn from(inner: Inner) -> Self {
        Self(Box::new(inner))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
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
