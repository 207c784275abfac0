//! Opens the project's database at the version this program was built for, or not at all.

use std::env;

use devilmcp_migrate::Backup;
use devilmcp_migrate::rusqlite::{Connection, OpenFlags};

use crate::console;
use crate::error::StartError;
use crate::relative::migrator;
use crate::schema::MIGRATIONS;
use crate::storage::Storage;

/// Whether a server that finds an old database upgrades it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AutoMigrate {
    On,
    Off,
}

impl AutoMigrate {
    /// The choice of `DEVILMCP_AUTO_MIGRATE`; unset means on.
    pub(crate) fn from_environment() -> Result<Self, StartError> {
        match env::var_os(AUTO_MIGRATE) {
            Some(value) => Self::parse(&value.to_string_lossy()),
            None => Ok(Self::On),
        }
    }

    /// A word that is neither is refused: whoever wrote `flase` did not want an upgrade.
    fn parse(value: &str) -> Result<Self, StartError> {
        match value.trim().to_ascii_lowercase().as_str() {
            "" | "true" | "1" | "yes" | "on" => Ok(Self::On),
            "false" | "0" | "no" | "off" => Ok(Self::Off),
            _ => Err(StartError::AutoMigrate(value.to_owned())),
        }
    }
}

/// A connection to the project's database at the latest version.
pub(crate) fn open(storage: &Storage, auto_migrate: AutoMigrate) -> Result<Connection, StartError> {
    match auto_migrate {
        AutoMigrate::On => {
            storage.create()?;
            let mut connection = connect(storage, OpenFlags::SQLITE_OPEN_CREATE)?;
            upgrade(storage, &mut connection)?;
            Ok(connection)
        }
        AutoMigrate::Off => {
            if !storage.database().exists() {
                return Err(StartError::Missing(storage.database().to_owned()));
            }
            let connection = connect(storage, OpenFlags::empty())?;
            require_latest(storage, &connection)?;
            Ok(connection)
        }
    }
}

fn connect(storage: &Storage, creation: OpenFlags) -> Result<Connection, StartError> {
    // Not the defaults: those also read a path that begins with `file:` as a URI.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | creation;
    Connection::open_with_flags(storage.database(), flags)
        .map_err(|source| StartError::Open { path: storage.database().to_owned(), source })
}

/// Applies what is pending, keeps the database as it was before, and tells on standard error what happened.
fn upgrade(storage: &Storage, connection: &mut Connection) -> Result<(), StartError> {
    let path = storage.database();
    let report = migrator(storage.project())
        .backup(Backup::beside().keep(KEPT))
        .upgrade(connection)
        .map_err(|source| StartError::Upgrade { path: path.to_owned(), source })?;
    // Older versions of DevilMCP never enforced foreign keys, so their databases may hold orphans. They are the
    // user's data: named here, neither deleted nor a reason to stop.
    let violations = report.violations();
    for violation in violations.iter().take(SHOWN) {
        console::warning(format_args!("was there before the upgrade: {violation}"));
    }
    if let Some(more @ 1..) = violations.len().checked_sub(SHOWN) {
        console::warning(format_args!("and {more} more like it"));
    }
    if !report.is_noop() {
        console::note(format_args!("applied {} migrations to {}", report.done().len(), path.display()));
    }
    if let Some(backup) = report.backup() {
        console::note(format_args!("what it was before is in {}", backup.display()));
    }
    if let Some(failure) = report.retention_failure() {
        console::warning(format_args!("not all older backups are deleted: {failure}"));
    }
    Ok(())
}

/// Changes nothing, and refuses a database this program was not built for.
fn require_latest(storage: &Storage, connection: &Connection) -> Result<(), StartError> {
    let path = storage.database();
    let status =
        MIGRATIONS.status(connection).map_err(|source| StartError::Status { path: path.to_owned(), source })?;
    let (current, latest) = (status.current(), status.latest());
    match current {
        Some(current) if current > latest => Err(StartError::Newer { path: path.to_owned(), current, latest }),
        Some(current) if current == latest => Ok(()),
        _ => Err(StartError::Outdated { path: path.to_owned(), current, latest }),
    }
}

const AUTO_MIGRATE: &str = "DEVILMCP_AUTO_MIGRATE";

/// So many backups are left beside the database.
const KEPT: usize = 3;

/// So many violations are named one by one.
const SHOWN: usize = 20;
