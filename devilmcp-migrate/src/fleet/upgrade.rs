//! What is to be done with each database, and how.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use super::crew::Crew;
use super::directory::{Directory, Listing};
use super::event::Event;
use super::report::Report;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::migrator::Migrator;
use crate::opening::{Absent, Opening};
use crate::order::{Options, Order};
use crate::plan::Goal;
use crate::report;
use crate::run::run;
use crate::target::Target;
use crate::trace;
use crate::versioned::Versioned;

/// Upgrades databases, several at a time, as the migrator has been told: hooks, backups, policies and a cancel are for each of them.
///
/// What it [listens](Migrator::on_event) with is called on several threads at once, and not told which database it is about;
/// [`Upgrade::on_event`] is.
pub fn upgrade<'f, V: Versioned>(migrator: &'f Migrator<'_, V>) -> Upgrade<'f> {
    upgrade_to(migrator, Target::Latest)
}

/// The same up to and with `target`. A database that is beyond it already counts as one that failed.
pub fn upgrade_to<'f, V: Versioned>(migrator: &'f Migrator<'_, V>, target: impl Into<Target<V>>) -> Upgrade<'f> {
    let embedded = migrator.embedded();
    Upgrade::new(embedded, &migrator.options, Goal::Upgrade(target.into().number(embedded.latest())))
}

/// What is to be done with each database, and how. Made by [`upgrade`].
#[must_use = "this only chooses; `files` and `directory` act"]
pub struct Upgrade<'f> {
    embedded: &'f Embedded,
    options: Options<'f>,
    goal: Goal,
    jobs: NonZeroUsize,
    opening: Opening<'f>,
    listeners: Vec<Box<Listener<'f>>>,
}

type Listener<'f> = dyn Fn(&Event<'_>) + Send + Sync + 'f;

impl<'f> Upgrade<'f> {
    pub(crate) fn new(embedded: &'f Embedded, options: &Options<'f>, goal: Goal) -> Self {
        Self {
            embedded,
            options: Options { refuses_foreign: true, ..options.clone() },
            goal,
            jobs: default_jobs(),
            opening: Opening::new(Absent::Refuse),
            listeners: Vec::new(),
        }
    }

    /// How many databases are worked at at once; each has a thread and a connection. By default four for each processor, and not
    /// more than 32: most of an upgrade is waiting until the disk has what was written.
    pub fn jobs(mut self, jobs: NonZeroUsize) -> Self {
        self.jobs = jobs;
        self
    }

    /// How long is waited for another connection that holds a database; by default 5 seconds, as rusqlite does. Others are worked at
    /// meanwhile.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.opening.busy_timeout = timeout;
        self
    }

    /// Does something with each connection before it is used: functions and collations that the migrations need, a key, pragmas. May be
    /// said several times. An error makes that database one that failed.
    pub fn on_open(mut self, opener: impl Fn(&Connection) -> rusqlite::Result<()> + Send + Sync + 'f) -> Self {
        self.opening.then(opener);
        self
    }

    /// Tells `listener` what becomes of each database, on the threads that work at them. May be said several times.
    ///
    /// If it panics, or a [hook](Migrator::after) does, no further database is begun, those at work are finished, and the panic goes on
    /// where the fleet is upgraded.
    pub fn on_event(mut self, listener: impl Fn(&Event<'_>) + Send + Sync + 'f) -> Self {
        self.listeners.push(Box::new(listener));
        self
    }

    /// Upgrades these databases. They are asked for one by one, as they are begun, so there may be any number of them.
    ///
    /// Each has to be there: none is made. One that holds tables but nothing of this program (no history, and not what a
    /// [baseline](crate::Action::Adopt) makes) is another program's, and fails with an error of the kind
    /// [`Foreign`](crate::ErrorKind::Foreign), unchanged. An empty one is upgraded.
    ///
    /// Once the migrator's [cancel](Migrator::cancel_with) is cancelled, those at work are rolled back and have failed with an error of
    /// the kind [`Cancelled`](crate::ErrorKind::Cancelled), and the others are counted and [left](Report::left).
    pub fn files<I>(&self, files: I) -> Report
    where
        I: IntoIterator<Item: Into<PathBuf>, IntoIter: Send>,
    {
        Crew::new(self, files.into_iter().map(Into::into), Report::default()).work()
    }

    /// The same with the databases of a directory: those that it [holds](Directory) when this is called.
    ///
    /// # Errors
    /// It cannot be read. Of folders in it that is a [failure](Report::failures) like others.
    ///
    /// ```
    /// use devilmcp_migrate::fleet::{self, Directory};
    ///
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let tenants = folder.path();
    /// let directory = Directory::new(tenants).pattern("tenant-*.db").recursive();
    /// let report = fleet::upgrade(&MIGRATIONS.migrator()).directory(directory)?;
    /// assert_eq!(report.all(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn directory(&self, directory: impl Into<Directory>) -> Result<Report, Error> {
        Ok(self.listed(directory.into().list()?))
    }

    pub(crate) fn listed(&self, listing: Listing) -> Report {
        let Listing { files, skipped, failures } = listing;
        for failure in &failures {
            self.raise(&Event::Failed { path: failure.path(), error: failure.error() });
        }
        Crew::new(self, files.into_iter(), Report { failures, skipped, ..Report::default() }).work()
    }

    /// One of them.
    pub(super) fn one(&self, path: &Path) -> Result<report::Report, Error> {
        let _span = trace::database(path);
        let mut conn = self.opening.open(path)?;
        run(&mut conn, Order { embedded: self.embedded, options: &self.options, goal: self.goal })
    }

    pub(super) fn raise(&self, event: &Event<'_>) {
        for listener in &self.listeners {
            listener(event);
        }
    }

    /// So many threads for so many databases, as far as that is known.
    pub(super) fn threads(&self, files: Option<usize>) -> usize {
        self.jobs.get().min(files.unwrap_or(usize::MAX))
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.options.cancel.as_ref().is_some_and(crate::Cancel::is_cancelled)
    }
}

fn default_jobs() -> NonZeroUsize {
    let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    NonZeroUsize::new((processors * A_PROCESSOR).min(MOST)).unwrap_or(NonZeroUsize::MIN)
}

const A_PROCESSOR: usize = 4;
const MOST: usize = 32;

impl fmt::Debug for Upgrade<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { embedded: _, options, goal, jobs, opening, listeners } = self;
        let mut f = f.debug_struct("Upgrade");
        f.field("options", options).field("goal", goal).field("jobs", jobs).field("opening", opening);
        f.field("listeners", &listeners.len()).finish()
    }
}
