//! The verbs, with options.

use rusqlite::Connection;

use crate::alone;
use crate::attend::attended;
use crate::backup::Backup;
use crate::claim::Resolution;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::migrations::Migrations;
use crate::order::{Options, Order};
use crate::plan::{Goal, Plan};
use crate::policy::{Drift, Newer};
use crate::report::Report;
use crate::run::{planned, run};
use crate::target::Target;
use crate::versioned::Versioned;

/// Applies and undoes migrations, as the caller has chosen. Made by [`Migrations::migrator`].
#[derive(Debug)]
#[must_use = "this only chooses; a verb like `upgrade` acts"]
pub struct Migrator<'m, V: 'static> {
    migrations: &'m Migrations<V>,
    pub(crate) options: Options<'m>,
}

impl<'m, V: Versioned> Migrator<'m, V> {
    pub(crate) fn new(migrations: &'m Migrations<V>) -> Self {
        Self { migrations, options: Options::default() }
    }

    /// Lets a downgrade undo a baseline that was adopted. What the down of the baseline drops was there before the first
    /// migration, with all its rows.
    pub fn allow_below_baseline(mut self) -> Self {
        self.options.below_baseline = true;
        self
    }

    /// Runs each migration on a new database, too, though what the released ones make of it is [known](Migrations#new-databases).
    ///
    /// ```
    /// # use devilmcp_migrate::rusqlite::Connection;
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// MIGRATIONS.migrator().without_summary().upgrade(&mut conn)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn without_summary(mut self) -> Self {
        self.options.runs_each = true;
        self
    }

    /// What [`upgrade`](Self::upgrade) does with a database that a newer program has migrated; without this, it refuses.
    ///
    /// ```
    /// # use devilmcp_migrate::rusqlite::Connection;
    /// use devilmcp_migrate::Newer;
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// let report = MIGRATIONS.migrator().newer(Newer::Accept).upgrade(&mut conn)?;
    /// assert!(!report.is_newer());
    /// # Ok(())
    /// # }
    /// ```
    pub fn newer(mut self, policy: Newer) -> Self {
        self.options.newer = policy;
        self
    }

    /// What a run does about a schema that is not what the applied migrations make; without this, it reports it.
    ///
    /// ```
    /// # use devilmcp_migrate::rusqlite::Connection;
    /// use devilmcp_migrate::{Drift, ErrorKind};
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut conn = MIGRATIONS.open_in_memory()?;
    /// conn.execute_batch("CREATE INDEX by_hand ON notes (body)")?;
    /// assert_eq!(MIGRATIONS.upgrade(&mut conn)?.drift()[0].to_string(), "index `by_hand` is not expected");
    /// let error = MIGRATIONS.migrator().drift(Drift::Refuse).upgrade(&mut conn).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Drift);
    /// assert_eq!(error.differences()[0].name(), "by_hand");
    /// # Ok(())
    /// # }
    /// ```
    pub fn drift(mut self, policy: Drift) -> Self {
        self.options.drift = policy;
        self
    }

    /// A new database in memory at the newest version, for tests: made by running the migrations, with their hooks, each time.
    ///
    /// # Errors
    /// As there; and those of hooks.
    pub fn open_in_memory(&self) -> Result<Connection, Error> {
        let mut conn = Connection::open_in_memory().map_err(Error::sqlite("open a database in memory"))?;
        self.upgrade(&mut conn)?;
        Ok(conn)
    }

    /// Keeps a copy of the database as it was before the first change of a run, up or down; none where there is nothing to do, or the
    /// database is empty.
    ///
    /// It is taken under the lock of the run, by SQLite's [backup API](https://sqlite.org/backup.html), so it is what the run has
    /// found: with what is in the WAL, and nothing that others have written since. It is checked (`quick_check`, and the history), and on
    /// the disk, before anything is changed; if anything about it fails, so does the run. [`Report::backup`] says where it is. It has
    /// the permissions of the database. Others can read meanwhile, and wait to write.
    ///
    /// If the run fails and everything is rolled back, the backup is deleted again: the database is the same. If something stays
    /// of a run that failed, or the disk or the file is unsound, [`Error::backup`] says where the backup is.
    ///
    /// The connection has to be to a file that another connection of this process can read: databases in memory, temporary, encrypted,
    /// or in the exclusive locking mode are refused, with an error of the kind [`Backup`](crate::ErrorKind::Backup).
    ///
    /// ```
    /// use devilmcp_migrate::rusqlite::Connection;
    /// use devilmcp_migrate::Backup;
    ///
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("notes.db");
    /// let mut conn = Connection::open(path)?;
    /// let report = MIGRATIONS.migrator().backup(Backup::beside().keep(3)).upgrade(&mut conn)?;
    /// assert_eq!(report.backup(), None, "a new database has nothing to keep");
    /// let report = MIGRATIONS.migrator().backup(Backup::beside()).downgrade_to(&mut conn, Version::V0001CreateNotes)?;
    /// assert!(report.backup().is_some_and(|file| file.exists()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn backup(mut self, backup: Backup) -> Self {
        self.options.backup = Some(backup);
        self
    }

    /// As [`Migrations::upgrade`].
    ///
    /// # Errors
    /// As there.
    pub fn upgrade(&self, conn: &mut Connection) -> Result<Report, Error> {
        self.upgrade_to(conn, Target::Latest)
    }

    /// As [`Migrations::upgrade_to`].
    ///
    /// # Errors
    /// As there.
    pub fn upgrade_to(&self, conn: &mut Connection, target: impl Into<Target<V>>) -> Result<Report, Error> {
        run(conn, self.upgrading(target.into()))
    }

    /// As [`Migrations::downgrade_to`].
    ///
    /// # Errors
    /// As there.
    pub fn downgrade_to(&self, conn: &mut Connection, target: impl Into<Target<V>>) -> Result<Report, Error> {
        run(conn, self.downgrading(target.into()))
    }

    /// Ends what a process has begun outside of a transaction (`-- migrate: no_transaction`) and nobody has recorded as done, as
    /// [`Status::claim`](crate::Status::claim) and an error of the kind [`Interrupted`](crate::ErrorKind::Interrupted) say.
    ///
    /// Nobody can tell by the database whether that process is still at it, nor how far it came: see to the first, look at the
    /// second, and say whether the migration counts as applied now. Nothing is run.
    ///
    /// # Errors
    /// There is nothing to resolve, or the database cannot be written.
    pub fn resolve(&self, conn: &mut Connection, found: Resolution) -> Result<Report, Error> {
        attended(conn, &self.options, |conn| alone::resolve(conn, self.embedded(), found))
    }

    /// What [`upgrade_to`](Self::upgrade_to) would do, without doing it.
    ///
    /// # Errors
    /// Those by which it would refuse.
    pub fn plan_upgrade(&self, conn: &Connection, target: impl Into<Target<V>>) -> Result<Plan, Error> {
        planned(conn, self.upgrading(target.into()))
    }

    /// What [`downgrade_to`](Self::downgrade_to) would do, without doing it.
    ///
    /// # Errors
    /// Those by which it would refuse.
    pub fn plan_downgrade(&self, conn: &Connection, target: impl Into<Target<V>>) -> Result<Plan, Error> {
        planned(conn, self.downgrading(target.into()))
    }

    pub(crate) fn embedded(&self) -> &Embedded {
        self.migrations.embedded()
    }

    pub(crate) fn upgrading(&self, target: Target<V>) -> Order<'_> {
        self.order(Goal::Upgrade(target.number(self.embedded().latest())))
    }

    pub(crate) fn downgrading(&self, target: Target<V>) -> Order<'_> {
        self.order(Goal::Downgrade(target.number(self.embedded().latest())))
    }

    fn order(&self, goal: Goal) -> Order<'_> {
        Order { embedded: self.embedded(), options: &self.options, goal }
    }
}
