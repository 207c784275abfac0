//! What the database was before the first change of a run, kept in a file.

mod copy;
mod draft;
mod name;
mod original;
mod owner;
mod restore;
mod shelf;
mod verify;

use std::path::PathBuf;

use rusqlite::Connection;

use crate::error::Error;
use crate::event::Event;
use crate::ledger::Record;
use crate::order::Order;
use crate::report::Report;

pub use restore::{Restored, restore};

use original::Original;
use shelf::Shelf;
use verify::Expected;

/// Where a copy of the database goes before a run changes anything, and how many are kept. See
/// [`Migrator::backup`](crate::Migrator::backup).
///
/// A backup is an SQLite database in one file, and is called
/// `notes.db.20261124T031500.123Z.v0007.backup`: the name of the database's file, when it was made (UTC), and the number of the
/// migration that the database was at (`v0000` before the first). So the names of one database sort by time.
/// [`restore`](crate::restore()) puts one back.
///
/// ```
/// use devilmcp_migrate::Backup;
///
/// let beside_the_database = Backup::beside().keep(3);
/// let elsewhere = Backup::to("/var/backups/notes");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "this only chooses; give it to `Migrator::backup`"]
pub struct Backup {
    /// Beside the database if there is none.
    folder: Option<PathBuf>,
    /// All are kept if there is none.
    keep: Option<usize>,
}

impl Backup {
    /// Into the folder of the database. If its path is a symbolic link, that is where the file itself is.
    pub fn beside() -> Self {
        Self { folder: None, keep: None }
    }

    /// Into this folder, which has to be there. A relative path is relative to the current directory.
    ///
    /// Other databases may use it, too, even if their files have the same name: in this folder, the names of backups also hold
    /// twelve letters that are made of the database's path, as in `notes.db.20261124T031500.123Z.v0007.1f6b0c93d2aa.backup`.
    pub fn to(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), keep: None }
    }

    /// Deletes the oldest backups of this database that are in the folder, so that this many are left. The one that was just made
    /// is always among those. Nothing else in the folder is touched, and nothing at all before the run has succeeded.
    pub fn keep(mut self, count: usize) -> Self {
        self.keep = Some(count);
        self
    }
}

/// The backup of one run: at most one, however many segments the run has.
#[derive(Debug)]
pub(crate) enum Safeguard<'a> {
    /// None is wanted, or there was nothing to save.
    Unneeded,
    /// Nothing has been changed yet.
    Due(&'a Backup),
    Made {
        keep: Option<usize>,
        place: Shelf,
        file: PathBuf,
    },
}

impl<'a> Safeguard<'a> {
    pub(crate) fn new(choice: Option<&'a Backup>) -> Self {
        choice.map_or(Self::Unneeded, Self::Due)
    }

    /// Copies the database, if that is still to be done. The connection holds the write lock, and has changed nothing.
    pub(crate) fn take(
        &mut self,
        conn: &Connection,
        order: Order<'_>,
        history: Option<&[Record]>,
    ) -> Result<(), Error> {
        let Self::Due(backup) = *self else { return Ok(()) };
        if original::is_new(conn)? {
            *self = Self::Unneeded;
            return Ok(());
        }
        let original = Original::of(conn)?;
        let reader = original.reader(conn)?;
        let place = Shelf::of(&original, backup.folder.as_deref())?;
        let progress = |copied, of| order.raise(Event::Backup { copied, of });
        let file = draft::save(&reader, &original, &place, Expected::Sound(order.embedded.table, history), &progress)?;
        *self = Self::Made { keep: backup.keep, place, file };
        Ok(())
    }

    /// The run has done all that it should.
    pub(crate) fn done(self, report: &mut Report) {
        let Self::Made { keep, place, file } = self else { return };
        // The upgrade is permanent, so this is no reason to call it failed; what is left over the next run deletes.
        report.retention = keep.and_then(|count| place.keep(count, &file).err()).map(|error| error.to_string());
        report.backup = Some(file);
    }

    /// The run has failed. If it has changed nothing, the database is its own backup: a server that is started again and again
    /// would fill the disk with more.
    pub(crate) fn failed(self, error: Error) -> Error {
        let Self::Made { keep: _, place: _, file } = self else { return error };
        if error.is_rolled_back() && std::fs::remove_file(&file).is_ok() { error } else { error.backed_up(file) }
    }
}
