//! The verbs, with options.

use rusqlite::Connection;

use crate::embedded::Embedded;
use crate::error::Error;
use crate::header::Header;
use crate::migrations::Migrations;
use crate::plan::{Goal, Plan};
use crate::report::Report;
use crate::session::{Session, pragma};
use crate::target::Target;
use crate::versioned::Versioned;
use crate::{apply, ledger, stale, status};

/// Applies and undoes migrations, as the caller has chosen. Made by [`Migrations::migrator`].
#[derive(Debug)]
#[must_use = "this only chooses; a verb like `upgrade` acts"]
pub struct Migrator<'m, V: 'static> {
    migrations: &'m Migrations<V>,
    below_baseline: bool,
}

impl<'m, V: Versioned> Migrator<'m, V> {
    pub(crate) fn new(migrations: &'m Migrations<V>) -> Self {
        Self { migrations, below_baseline: false }
    }

    /// Lets a downgrade undo a baseline that was adopted. What the down of the baseline drops was there before the first
    /// migration, with all its rows.
    pub fn allow_below_baseline(mut self) -> Self {
        self.below_baseline = true;
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
        let embedded = self.migrations.embedded();
        run(conn, embedded, Goal::Upgrade(target.into().number(embedded.latest())))
    }

    /// As [`Migrations::downgrade_to`].
    ///
    /// # Errors
    /// As there.
    pub fn downgrade_to(&self, conn: &mut Connection, target: impl Into<Target<V>>) -> Result<Report, Error> {
        let embedded = self.migrations.embedded();
        let to = target.into().number(embedded.latest());
        run(conn, embedded, Goal::Downgrade { to, below_baseline: self.below_baseline })
    }

    /// What [`upgrade_to`](Self::upgrade_to) would do, without doing it.
    ///
    /// # Errors
    /// Those by which it would refuse.
    pub fn plan_upgrade(&self, conn: &Connection, target: impl Into<Target<V>>) -> Result<Plan, Error> {
        let embedded = self.migrations.embedded();
        plan(conn, embedded, Goal::Upgrade(target.into().number(embedded.latest())))
    }

    /// What [`downgrade_to`](Self::downgrade_to) would do, without doing it.
    ///
    /// # Errors
    /// Those by which it would refuse.
    pub fn plan_downgrade(&self, conn: &Connection, target: impl Into<Target<V>>) -> Result<Plan, Error> {
        let embedded = self.migrations.embedded();
        let to = target.into().number(embedded.latest());
        plan(conn, embedded, Goal::Downgrade { to, below_baseline: self.below_baseline })
    }
}

fn plan(conn: &Connection, embedded: &Embedded, goal: Goal) -> Result<Plan, Error> {
    let history = ledger::read(conn)?.unwrap_or_default();
    status::plan(conn, &history, embedded, goal)
}

fn run(conn: &mut Connection, embedded: &Embedded, goal: Goal) -> Result<Report, Error> {
    stale::check(embedded.watched.as_ref())?;
    if goal == Goal::Upgrade(embedded.latest()) && Header::read(conn)?.proves(embedded.head()) {
        return Ok(Report { from: embedded.latest(), to: embedded.latest(), ..Report::default() });
    }
    // Whether there is anything to do is found out without a lock, so that a start that changes nothing waits for nobody.
    let first = plan(conn, embedded, goal)?;
    if first.steps.is_empty() {
        return unchanged(conn, embedded, &first);
    }
    let timeout = pragma(conn, "busy_timeout")?;
    let pending = first.steps.len();
    under_lock(conn, embedded, goal).map_err(|error| error.with_context(timeout, pending))
}

fn under_lock(conn: &mut Connection, embedded: &Embedded, goal: Goal) -> Result<Report, Error> {
    let session = Session::begin(conn)?;
    // Another process may have been faster: what counts is what is found now that nobody else can write.
    let history = ledger::read(&session)?;
    let plan = status::plan(&session, history.as_deref().unwrap_or_default(), embedded, goal)?;
    if plan.steps.is_empty() {
        let Plan { current, .. } = plan;
        return Ok(Report { from: current, to: current, ..Report::default() });
    }
    let report = apply::apply(&session, embedded, history, plan)?;
    session.commit()?;
    Ok(report)
}

/// There is nothing to do, but the header did not say so: the schema cookie has moved, the tag is missing, or the goal is
/// not the newest version.
fn unchanged(conn: &mut Connection, embedded: &Embedded, plan: &Plan) -> Result<Report, Error> {
    let report = Report { from: plan.current, to: plan.current, ..Report::default() };
    let history = ledger::read(conn)?.unwrap_or_default();
    let header = Header::read(conn)?;
    let Some(last) = history.last().filter(|last| last.number <= embedded.latest()) else { return Ok(report) };
    let moved = last.schema_cookie != header.cookie;
    let drift = if moved { status::drift(conn, embedded, &history)? } else { Vec::new() };
    if drift.is_empty() && !header.proves(last.history) && apply::owns_tag(header, &history) {
        restamp(conn, header)?;
    }
    Ok(Report { drift, ..report })
}

/// The schema is what it should be: let the header say so again, if that can be. VACUUM moves the cookie, and so does the
/// first ANALYZE.
fn restamp(conn: &mut Connection, proved: Header) -> Result<(), Error> {
    use crate::error::ErrorKind::{InTransaction, Locked, ReadOnly};
    let session = match Session::begin(conn) {
        Ok(session) => session,
        // The next start will be as slow as this one, and as right.
        Err(error) if matches!(error.kind(), InTransaction | Locked | ReadOnly) => return Ok(()),
        Err(error) => return Err(error),
    };
    if Header::read(&session)? != proved {
        return Ok(());
    }
    let history = ledger::read(&session)?.unwrap_or_default();
    match apply::stamp(&session, history.last(), true).and_then(|()| session.commit()) {
        Err(error) if matches!(error.kind(), Locked | ReadOnly) => Ok(()),
        other => other,
    }
}
