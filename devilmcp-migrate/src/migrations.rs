//! The migrations of a program.

use std::marker::PhantomData;

use rusqlite::Connection;

use crate::embedded::Embedded;
use crate::error::Error;
use crate::image::Image;
use crate::ledger::{self, Record};
use crate::migrator::Migrator;
use crate::plan::{self, Plan};
use crate::report::Report;
use crate::session::moment;
use crate::status::{self, Status};
use crate::target::Target;
use crate::versioned::Versioned;

/// The migrations of a program, which [`migrations!`](crate::migrations!) has checked and put into it.
///
/// All verbs take a plain [`rusqlite::Connection`]. While migrations run they use the connection's one
/// [authorizer](https://sqlite.org/c3ref/set_authorizer.html); one that the caller has set is gone afterwards.
///
/// # New databases
///
/// Of what is [locked](crate::migrations!) nothing changes any more. If it is 200 migrations or more, what they make is, as text, at most a quarter
/// of theirs, and it was seen while the crate was compiled that it comes to the same, the program also holds a *summary*: one script that
/// makes of an empty database what they make of it, object for object and in the same order. An upgrade of a new database runs that, and
/// then what is not locked. The history tells of each migration as if it had been run, with an even share of the time that all took, and
/// with the schema cookie at the end; events do the same, but for statements. [`Migrator::without_summary`] runs each migration.
///
/// There is no summary where one of them leaves the transaction, enforces foreign keys, or sets a pragma that stays set, nor where rows
/// are left in the end, unless a checkpoint (`devilmcp-migrate lock --checkpoint`) has shown that they are the same in every run. It is not
/// used where there is something in the database, a temporary object, another SQLite than the one that the crate was compiled
/// with, text in UTF-16, or a [hook](Migrator::after) of one of these migrations.
#[derive(Debug)]
pub struct Migrations<V: 'static> {
    embedded: Embedded,
    image: Image,
    versions: PhantomData<fn() -> V>,
}

impl<V> Migrations<V> {
    pub(crate) const fn new(embedded: Embedded) -> Self {
        Self { embedded, image: Image::new(), versions: PhantomData }
    }

    pub(crate) fn embedded(&self) -> &Embedded {
        &self.embedded
    }
}

impl<V: Versioned> Migrations<V> {
    /// Applies all pending migrations: all of them, or, on an error, none. Only where migrations say
    /// `-- migrate: foreign_keys(on)` or `-- migrate: no_transaction` is it done by [segments](crate::Segment).
    ///
    /// To be called when a program starts. If nothing is pending it reads two fields of the database header: no lock beyond
    /// a read lock, no write, whatever the number of migrations and tables.
    ///
    /// Any number of processes may do this at once. One migrates; the others wait, as long as the connection's busy timeout
    /// lets them, and find nothing to do.
    ///
    /// # Errors
    /// The database is then as it was before, or as the last segment before the failure has left it. [`Error::kind`] tells what went wrong.
    ///
    /// ```
    /// # use devilmcp_migrate::rusqlite::Connection;
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut conn = Connection::open_in_memory()?;
    /// let report = MIGRATIONS.upgrade(&mut conn)?;
    /// assert_eq!(report.to(), Some(Version::LATEST.number()));
    /// assert!(MIGRATIONS.upgrade(&mut conn)?.is_noop());
    /// # Ok(())
    /// # }
    /// ```
    pub fn upgrade(&self, conn: &mut Connection) -> Result<Report, Error> {
        self.migrator().upgrade(conn)
    }

    /// Applies the pending migrations up to and with `target`.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade); and if the database is beyond `target` already.
    pub fn upgrade_to(&self, conn: &mut Connection, target: impl Into<Target<V>>) -> Result<Report, Error> {
        self.migrator().upgrade_to(conn, target)
    }

    /// Undoes migrations, newest first, until the database is at `target`: all of them, or, on an error, none, with the same
    /// exception.
    ///
    /// A migration that this program does not know is undone by the script that the database keeps for it. So a program can
    /// be rolled back, and then take back what the newer one did.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade); and if the database is short of `target`, a migration is irreversible, or what the
    /// first one makes was there before it and was [adopted](crate::ErrorKind::BelowBaseline).
    ///
    /// ```
    /// # use devilmcp_migrate::rusqlite::Connection;
    /// use devilmcp_migrate::Target;
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut conn = MIGRATIONS.open_in_memory()?;
    /// MIGRATIONS.downgrade_to(&mut conn, Version::V0001CreateNotes)?;
    /// MIGRATIONS.downgrade_to(&mut conn, Target::Empty)?;
    /// assert_eq!(MIGRATIONS.version(&conn)?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn downgrade_to(&self, conn: &mut Connection, target: impl Into<Target<V>>) -> Result<Report, Error> {
        self.migrator().downgrade_to(conn, target)
    }

    /// What [`upgrade_to`](Self::upgrade_to) would do, without doing it.
    ///
    /// # Errors
    /// Those by which it would refuse.
    pub fn plan(&self, conn: &Connection, target: impl Into<Target<V>>) -> Result<Plan, Error> {
        self.migrator().plan_upgrade(conn, target)
    }

    /// The version that the database is at; none before the first migration.
    ///
    /// # Errors
    /// The database cannot be read, or is at a version that this program does not know.
    pub fn version(&self, conn: &Connection) -> Result<Option<V>, Error> {
        let history = moment(conn, |_| ledger::read(conn, self.embedded.table))?.unwrap_or_default();
        plan::check(&history, &self.embedded)?;
        let last = history
            .last()
            .map(|last: &Record| V::from_number(last.number).map_err(|_| plan::newer_than(last, &self.embedded)));
        last.transpose()
    }

    /// Where the database stands: what was applied, what is pending, and whether the schema is what it should be. Writes
    /// nothing.
    ///
    /// # Errors
    /// The database cannot be read. What would make an upgrade fail is part of the answer instead.
    pub fn status(&self, conn: &Connection) -> Result<Status, Error> {
        moment(conn, |_| status::read(conn, &self.embedded))
    }

    /// A new database in memory at the newest version, for tests.
    ///
    /// The migrations are run once a process; each database is a copy of the one that they have made, and costs about as much as
    /// copying its bytes. What a migration makes up (`random()`, the time) is therefore the same in all of them. With
    /// [hooks](Migrator::after) a database is made anew each time: [`Migrator::open_in_memory`].
    ///
    /// # Errors
    /// SQLite's.
    pub fn open_in_memory(&self) -> Result<Connection, Error> {
        self.image.open(|| self.migrator().open_in_memory())
    }

    /// The same verbs, with options.
    pub fn migrator(&self) -> Migrator<'_, V> {
        Migrator::new(self)
    }
}
