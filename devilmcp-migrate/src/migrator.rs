//! The verbs, with options.

use rusqlite::Connection;

use crate::alone;
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

    /// As [`Migrations::open_in_memory`].
    ///
    /// # Errors
    /// As there; and those of hooks.
    pub fn open_in_memory(&self) -> Result<Connection, Error> {
        let mut conn = Connection::open_in_memory().map_err(Error::sqlite("open a database in memory"))?;
        self.upgrade(&mut conn)?;
        Ok(conn)
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
        alone::resolve(conn, self.migrations.embedded(), found)
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

    fn upgrading(&self, target: Target<V>) -> Order<'_> {
        self.order(Goal::Upgrade(target.number(self.embedded().latest())))
    }

    fn downgrading(&self, target: Target<V>) -> Order<'_> {
        self.order(Goal::Downgrade(target.number(self.embedded().latest())))
    }

    fn order(&self, goal: Goal) -> Order<'_> {
        Order { embedded: self.embedded(), options: &self.options, goal }
    }
}
