//! What a run is to do, and how the caller wants it done.

use devilmcp_migrate_core::feature::Version;

use crate::backup::Backup;
use crate::cancel::Cancel;
use crate::embedded::Embedded;
use crate::event::Event;
use crate::hooks::Hooks;
use crate::listeners::Listeners;
use crate::plan::Goal;
use crate::policy::{Drift, Newer};

/// What one call of a verb has been asked for. It goes down the whole run as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) embedded: &'a Embedded,
    pub(crate) options: &'a Options<'a>,
    pub(crate) goal: Goal,
}

impl Order<'_> {
    /// Tells those who listen. What costs something to find out is asked for only if there are any.
    pub(crate) fn raise(self, event: Event<'_>) {
        self.options.listeners.raise(event);
    }
}

/// What the caller of a [`Migrator`](crate::Migrator) has chosen, the same for each of its verbs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options<'m> {
    /// Whether a downgrade may undo a baseline that was adopted.
    pub(crate) below_baseline: bool,
    /// Whether each migration is run, though all that they make of a new database is known.
    pub(crate) runs_each: bool,
    pub(crate) listeners: Listeners,
    pub(crate) newer: Newer,
    pub(crate) drift: Drift,
    pub(crate) hooks: Hooks<'m>,
    /// Where the database is to be kept as it was before the first change.
    pub(crate) backup: Option<Backup>,
    pub(crate) cancel: Option<Cancel>,
    /// Whether a database that holds something, and nothing of this program, is another program's.
    pub(crate) refuses_foreign: bool,
    /// The version of the SQLite that runs it, if it is not to be the one that is linked: in tests.
    pub(crate) sqlite: Option<Version>,
}
