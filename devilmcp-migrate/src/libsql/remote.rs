//! The verbs, for a database on a server.

use super::run::{mirror, plan, run};
use super::server::Server;
use crate::error::Error;
use crate::ledger;
use crate::migrator::Migrator;
use crate::plan::{self as planning, Plan};
use crate::report::Report;
use crate::status::{self, Status};
use crate::target::Target;
use crate::versioned::Versioned;

/// The verbs of a [`Migrator`], for a database on a libSQL server. Made by [`Migrator::on`].
#[derive(Debug)]
#[must_use = "this only chooses; a verb like `upgrade` acts"]
pub struct Remote<'m, V: 'static> {
    migrator: Migrator<'m, V>,
    server: Server,
}

impl<'m, V: Versioned> Migrator<'m, V> {
    /// The same verbs for a database on a libSQL server, as this migrator was told; see [`libsql`](crate::libsql) for what cannot be done there.
    pub fn on(self, server: Server) -> Remote<'m, V> {
        Remote { migrator: self, server }
    }
}

impl<V: Versioned> Remote<'_, V> {
    /// As [`Migrations::upgrade`](crate::Migrations::upgrade).
    ///
    /// # Errors
    /// As there; and those of a server that cannot be reached, or cannot do what is asked.
    pub fn upgrade(&self) -> Result<Report, Error> {
        self.upgrade_to(Target::Latest)
    }

    /// As [`Migrations::upgrade_to`](crate::Migrations::upgrade_to).
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade).
    pub fn upgrade_to(&self, target: impl Into<Target<V>>) -> Result<Report, Error> {
        run(&self.server, self.migrator.upgrading(target.into()))
    }

    /// As [`Migrations::downgrade_to`](crate::Migrations::downgrade_to).
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade).
    pub fn downgrade_to(&self, target: impl Into<Target<V>>) -> Result<Report, Error> {
        run(&self.server, self.migrator.downgrading(target.into()))
    }

    /// What [`upgrade_to`](Self::upgrade_to) would do, without doing it.
    ///
    /// # Errors
    /// Those by which it would refuse.
    pub fn plan_upgrade(&self, target: impl Into<Target<V>>) -> Result<Plan, Error> {
        plan(&self.server, self.migrator.upgrading(target.into()))
    }

    /// What [`downgrade_to`](Self::downgrade_to) would do, without doing it.
    ///
    /// # Errors
    /// Those by which it would refuse.
    pub fn plan_downgrade(&self, target: impl Into<Target<V>>) -> Result<Plan, Error> {
        plan(&self.server, self.migrator.downgrading(target.into()))
    }

    /// As [`Migrations::version`](crate::Migrations::version).
    ///
    /// # Errors
    /// As there; and those of a server that cannot be reached.
    pub fn version(&self) -> Result<Option<V>, Error> {
        let embedded = self.migrator.embedded();
        let history = ledger::read(&mirror(&self.server, embedded)?.conn, embedded.table)?.unwrap_or_default();
        planning::check(&history, embedded)?;
        let last =
            history.last().map(|last| V::from_number(last.number).map_err(|_| planning::newer_than(last, embedded)));
        last.transpose()
    }

    /// As [`Migrations::status`](crate::Migrations::status).
    ///
    /// # Errors
    /// As there; and those of a server that cannot be reached.
    pub fn status(&self) -> Result<Status, Error> {
        let embedded = self.migrator.embedded();
        status::read(&mirror(&self.server, embedded)?.conn, embedded)
    }
}
