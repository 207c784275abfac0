//! Each error there is, and what it says.

use std::error::Error as StdError;
use std::path::PathBuf;
use std::time::Duration;

use devilmcp_migrate_core::feature::Version;

use super::Error;
use super::cause::Cause;
use super::wording::{Count, Held, Left, List, WasWere};
use crate::difference::Difference;
use crate::foreign_keys::Violation;
use crate::hooks::When;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Inner {
    #[error("the connection is inside a transaction: commit or roll it back before migrating")]
    InTransaction,
    #[error("another connection {}", Held(*timeout))]
    Locked { timeout: Duration, source: Cause },
    #[error("the database cannot be written{}", left.as_ref().map_or_else(String::new, |left| format!(", with {left}")))]
    ReadOnly { left: Option<Left>, source: Option<Cause> },
    #[error("cannot open {}", path.display())]
    CannotOpen { path: PathBuf, source: Cause },
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
    #[error(
        "{direction} {migration} needs SQLite {since} or newer, and this program has {here}, so nothing was begun: line {line}, column {column} has {name}; link a newer one, or let the feature `bundled` bring it"
    )]
    TooOld {
        direction: &'static str,
        migration: String,
        line: usize,
        column: usize,
        name: &'static str,
        since: Version,
        here: Version,
    },
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
    #[error(
        "the database {found}, and of {first} to {last} this program holds only {squash}, which makes a new one: upgrade it to {last} first, with a release that holds them"
    )]
    BeforeSquash { found: String, squash: String, first: String, last: String },
    #[error(
        "{migration} is a part of {squash} to this program, which has no way back: a release that holds it can undo it"
    )]
    BelowSquash { migration: String, squash: String },
    #[error("the table {table} is not a history that this tool has written: {reason}")]
    History { table: String, reason: String },
    #[error("the database existed before and is not what {migration} makes: {}", List("; ", differences))]
    Contradiction { migration: String, differences: Vec<Difference> },
    #[error("the schema is not what the migrations up to {at} make: {}", List("; ", differences))]
    Drift { at: String, differences: Vec<Difference> },
    #[error(
        "the schema would not be what the migrations up to {at} make, and everything was rolled back: {}",
        List("; ", differences)
    )]
    DriftAfter { at: String, differences: Vec<Difference> },
    #[error(
        "the database is another program's: it holds something, and neither a history of this program's nor what its first migration makes"
    )]
    Foreign,
    #[error("cannot read {}", path.display())]
    Unreadable { path: PathBuf, source: Cause },
    #[error("the schema is not that of a database {at}, and the history stays as it was: {}", List("; ", differences))]
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the command line writes the history by hand"))]
    Unlike { at: String, differences: Vec<Difference> },
    #[error(
        "{tool} has begun {migration} on this database, and not ended it: see what of it is done; then either do the rest and say `{ended}`, or undo it and say `{forgotten}`"
    )]
    HalfApplied { tool: &'static str, migration: String, ended: String, forgotten: String },
    #[error(
        "{tool} has applied {newest} to this database, and left out what comes before it: {}; apply that with {tool} first",
        List(", ", migrations)
    )]
    LeftOut { tool: &'static str, migrations: Vec<String>, newest: String },
    #[error(
        "{file} is not what {tool} has applied to this database: put it back as it was then, or, if it does the same, say `{corrected}`"
    )]
    TextChanged { tool: &'static str, file: String, corrected: String },
    #[error("the table {table} is not as {tool} writes it: {reason}")]
    Account { tool: &'static str, table: &'static str, reason: String },
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
    #[error("{url} is not the address of a libSQL server: {reason}")]
    #[cfg_attr(not(feature = "libsql"), expect(dead_code, reason = "there are no servers without the feature"))]
    Address { url: String, reason: &'static str },
    #[error("the libSQL server {server} cannot be reached, or has not answered")]
    #[cfg_attr(not(feature = "libsql"), expect(dead_code, reason = "there are no servers without the feature"))]
    Unreachable { server: String, source: Cause },
    #[error("the libSQL server {server} has answered {answer}")]
    #[cfg_attr(not(feature = "libsql"), expect(dead_code, reason = "there are no servers without the feature"))]
    ServerAnswer { server: String, answer: String },
    #[error("the libSQL server has ended the transaction, and everything was rolled back")]
    #[cfg_attr(not(feature = "libsql"), expect(dead_code, reason = "there are no servers without the feature"))]
    TransactionEnded,
    #[error("{subject} cannot be done on a libSQL server: {reason}")]
    #[cfg_attr(not(feature = "libsql"), expect(dead_code, reason = "there are no servers without the feature"))]
    NotOnServer { subject: String, reason: String },
    #[error(
        "the table {table} on the server is not one that SQLite understands, and so none that this or another tool has written"
    )]
    #[cfg_attr(not(feature = "libsql"), expect(dead_code, reason = "there are no servers without the feature"))]
    OddAccount { table: String },
    #[error("the answer to the commit was lost, and everything was rolled back")]
    #[cfg_attr(not(feature = "libsql"), expect(dead_code, reason = "there are no servers without the feature"))]
    CommitLost,
    #[error(
        "the answer to the commit was lost, and whether all of it is done or nothing could not be found out: the history says it, once the server answers"
    )]
    #[cfg_attr(not(feature = "libsql"), expect(dead_code, reason = "there are no servers without the feature"))]
    CommitUnknown { source: Option<Error> },
    #[error("SQLite failed to {attempt}")]
    Sqlite { attempt: &'static str, source: Cause },
}
