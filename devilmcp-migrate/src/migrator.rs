//! The verbs, with options.

use rusqlite::Connection;

use crate::embedded::Embedded;
use crate::error::{Error, Left};
use crate::header::Header;
use crate::migrations::Migrations;
use crate::plan::{Goal, Plan};
use crate::report::Report;
use crate::session::{Session, moment, pragma, without_waiting};
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
    moment(conn, |_| {
        let history = ledger::read(conn)?.unwrap_or_default();
        status::plan(conn, &history, embedded, goal)
    })
}

fn run(conn: &mut Connection, embedded: &Embedded, goal: Goal) -> Result<Report, Error> {
    stale::check(embedded.watched.as_ref())?;
    // Whether there is anything to do is found out without a lock, so that a start that changes nothing waits for nobody.
    match moment(conn, |header| look(conn, header, embedded, goal))? {
        Seen::Nothing { report, unproved } => {
            if let Some(header) = unproved {
                // If it fails, the next start will be as slow as this one, and as right.
                let _ = without_waiting(conn, |conn| restamp(conn, header))?;
            }
            Ok(report)
        }
        Seen::Steps(left) => {
            let timeout = pragma(conn, "busy_timeout")?;
            under_lock(conn, embedded, goal).map_err(|error| error.waited(timeout).while_writing(left))
        }
    }
}

/// What a run has before it.
enum Seen {
    Steps(Left),
    /// The schema is what it should be, though the header does not say so, if it is `unproved`.
    Nothing {
        report: Report,
        unproved: Option<Header>,
    },
}

fn look(conn: &Connection, header: Header, embedded: &Embedded, goal: Goal) -> Result<Seen, Error> {
    if goal == Goal::Upgrade(embedded.latest()) && header.proves(embedded.head()) {
        let report = Report { from: embedded.latest(), to: embedded.latest(), ..Report::default() };
        return Ok(Seen::Nothing { report, unproved: None });
    }
    let history = ledger::read(conn)?.unwrap_or_default();
    let Plan { current, steps } = status::plan(conn, &history, embedded, goal)?;
    if !steps.is_empty() {
        let left = if matches!(goal, Goal::Upgrade(_)) { Left::Apply } else { Left::Revert };
        return Ok(Seen::Steps(left(steps.len())));
    }
    let report = Report { from: current, to: current, ..Report::default() };
    let Some(last) = history.last().filter(|last| last.number <= embedded.latest()) else {
        return Ok(Seen::Nothing { report, unproved: None });
    };
    let has_moved = last.schema_cookie != header.cookie;
    let drift = if has_moved { status::drift(conn, embedded, &history)? } else { Vec::new() };
    let is_untagged = apply::owns_tag(header, &history) && !header.proves(last.history);
    let unproved = (drift.is_empty() && (has_moved || is_untagged)).then_some(header);
    Ok(Seen::Nothing { report: Report { drift, ..report }, unproved })
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

/// Lets the header and the history say again what has been proved at `header`. VACUUM moves the cookie, and so does the first
/// ANALYZE.
fn restamp(conn: &mut Connection, proved: Header) -> Result<(), Error> {
    let session = Session::begin(conn)?;
    if Header::read(&session)? != proved {
        return Ok(());
    }
    let history = ledger::read(&session)?.unwrap_or_default();
    apply::stamp(&session, history.last(), apply::owns_tag(proved, &history), proved.cookie)?;
    session.commit()
}
