//! The kinds of errors.

use super::{Error, Inner};

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
    /// There is no file that could be opened, or made. Only where the library opens it: [`upgrade_file`](crate::Migrations), a
    /// [fleet](crate::fleet).
    CannotOpen,
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
    /// The database is not past the migrations that were squashed into the first one of this program: a release that still holds them has
    /// to upgrade it first.
    BeforeSquash,
    /// The history table is not one that this tool writes.
    History,
    /// A database that existed before is not what the baseline says.
    Contradiction,
    /// The schema is not what the applied migrations make, and the caller [does not want that](crate::Drift::Refuse).
    Drift,
    /// A database that existed before is at a revision of another tool that no migration stands for.
    UnknownRevision,
    /// A database of a [fleet](crate::fleet) holds something, and nothing of this program.
    Foreign,
    /// A folder of a [fleet](crate::fleet), or what is in it, cannot be read.
    Unreadable,
    /// What another tool says that it has applied does not agree with the migrations, or it has begun one and not ended it.
    OtherTool,
    /// No backup could be made, so nothing was begun; or one could not be [put back](crate::restore()).
    Backup,
    /// The program was not rebuilt since the migrations directory changed; debug builds only.
    Stale,
    /// A migration has SQL that is newer than the SQLite of this program. Nothing was begun.
    SqliteTooOld,
    /// A libSQL server could not be reached, or has answered something else than what was asked; or its address is none.
    Server,
    /// What was asked cannot be done on a libSQL server, and nothing was.
    Unsupported,
    /// Any other error of SQLite.
    Sqlite,
}

impl Error {
    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        match &*self.0 {
            Inner::InTransaction => ErrorKind::InTransaction,
            Inner::Locked { .. } => ErrorKind::Locked,
            Inner::ReadOnly { .. } => ErrorKind::ReadOnly,
            Inner::CannotOpen { .. } => ErrorKind::CannotOpen,
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
            Inner::BeforeSquash { .. } => ErrorKind::BeforeSquash,
            Inner::Irreversible { .. } | Inner::BelowSquash { .. } => ErrorKind::Irreversible,
            Inner::BelowBaseline { .. } => ErrorKind::BelowBaseline,
            Inner::History { .. } | Inner::OddAccount { .. } => ErrorKind::History,
            Inner::Contradiction { .. } => ErrorKind::Contradiction,
            Inner::Drift { .. } | Inner::DriftAfter { .. } | Inner::Unlike { .. } => ErrorKind::Drift,
            Inner::UnknownRevision { .. } => ErrorKind::UnknownRevision,
            Inner::Foreign => ErrorKind::Foreign,
            Inner::Unreadable { .. } => ErrorKind::Unreadable,
            Inner::HalfApplied { .. } | Inner::LeftOut { .. } | Inner::TextChanged { .. } | Inner::Account { .. } => {
                ErrorKind::OtherTool
            }
            Inner::Backup { .. } | Inner::Unfit { .. } => ErrorKind::Backup,
            Inner::Stale { .. } => ErrorKind::Stale,
            Inner::TooOld { .. } => ErrorKind::SqliteTooOld,
            Inner::Address { .. }
            | Inner::Unreachable { .. }
            | Inner::ServerAnswer { .. }
            | Inner::TransactionEnded
            | Inner::CommitLost
            | Inner::CommitUnknown { .. } => ErrorKind::Server,
            Inner::NotOnServer { .. } => ErrorKind::Unsupported,
            Inner::Sqlite { .. } => ErrorKind::Sqlite,
        }
    }
}
