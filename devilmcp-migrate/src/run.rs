//! From where a database stands to the goal, segment by segment.

use std::cell::Cell;

use devilmcp_migrate_core::mode::Mode;
use rusqlite::Connection;

use crate::attend::{self, attended};
use crate::backup::Safeguard;
use crate::embedded::{Embedded, UserVersion};
use crate::error::{Error, Left};
use crate::event::Event;
use crate::header::Header;
use crate::order::Order;
use crate::plan::{Action, Goal, Plan};
use crate::policy::Drift;
use crate::report::Report;
use crate::session::{Session, moment, without_waiting};
use crate::trace::Spans;
use crate::wait::Wait;
use crate::{alone, apply, claim, ledger, stale, status};

/// Does what leads to the goal, attended by whoever wants to attend to it.
pub(crate) fn run(conn: &mut Connection, order: Order<'_>) -> Result<Report, Error> {
    let _spans = Spans::begin();
    attended(conn, order.options, |conn| reach(conn, order))
}

fn reach(conn: &mut Connection, order: Order<'_>) -> Result<Report, Error> {
    stale::check(order.embedded.watched.as_ref())?;
    // Whether there is anything to do is found out without a lock, so that a start that changes nothing waits for nobody.
    match unless_claimed(conn, order.embedded.table, |conn| moment(conn, |header| look(conn, header, order)))? {
        Seen::Nothing { report, unproved } => {
            if let Some(header) = unproved {
                // If it fails, the next start will be as slow as this one, and as right.
                let _ = without_waiting(conn, |conn| restamp(conn, header, order.embedded))?;
            }
            Ok(report)
        }
        Seen::Steps { mode, left } => {
            let is_started = Cell::new(false);
            let outcome = segments(conn, order, mode, left, &is_started);
            if is_started.get() {
                order.raise(match &outcome {
                    Ok(report) => Event::Finished { report },
                    Err(error) => Event::Failed { error },
                });
            }
            outcome
        }
    }
}

/// What would be done.
pub(crate) fn planned(conn: &Connection, order: Order<'_>) -> Result<Plan, Error> {
    moment(conn, |_| {
        let history = ledger::read(conn, order.embedded.table)?.unwrap_or_default();
        status::plan(conn, &history, order)
    })
}

/// What a run has before it.
pub(crate) enum Seen {
    Steps {
        /// In what the first of them is done.
        mode: Mode,
        left: Left,
    },
    /// The schema is what it should be, though the header does not say so, if it is `unproved`.
    Nothing { report: Report, unproved: Option<Header> },
}

pub(crate) fn look(conn: &Connection, header: Header, order: Order<'_>) -> Result<Seen, Error> {
    let Order { embedded, options, goal } = order;
    if goal == Goal::Upgrade(embedded.latest()) && is_at_head(conn, header, embedded)? {
        return Ok(Seen::Nothing { report: Report::at(embedded.latest()), unproved: None });
    }
    let history = ledger::read(conn, order.embedded.table)?.unwrap_or_default();
    let plan = status::plan(conn, &history, order)?;
    if let Some(mode) = plan.mode() {
        let is_undone = plan.steps.first().is_some_and(|step| step.action == Action::Revert);
        let left = if is_undone { Left::Revert } else { Left::Apply };
        return Ok(Seen::Steps { mode, left: left(plan.steps.len()) });
    }
    let report = Report { newer: plan.current > embedded.latest(), ..Report::at(plan.current) };
    let Some(last) = status::known(&history, embedded) else {
        return Ok(Seen::Nothing { report, unproved: None });
    };
    let has_moved = last.schema_cookie != header.cookie;
    if has_moved && options.drift == Drift::Ignore {
        return Ok(Seen::Nothing { report, unproved: None });
    }
    let drift = if has_moved { status::drift(conn, embedded, &history)? } else { Vec::new() };
    let owns_tag = apply::owns_tag(header, &history, embedded.user_version);
    let is_untagged = owns_tag && !header.proves(last.history);
    let unproved = (drift.is_empty() && (has_moved || is_untagged)).then_some(header);
    Ok(Seen::Nothing { report: Report { drift, ..report }, unproved })
}

/// Whether the last run has left the database as the newest migration leaves it, and nobody has changed the schema since: the header
/// says so, or, where the field in which it would is the application's, the last row of the history.
fn is_at_head(conn: &Connection, header: Header, embedded: &Embedded) -> Result<bool, Error> {
    let may_be_tagged = embedded.user_version != UserVersion::Application;
    if header.tag == 0 && may_be_tagged {
        return Ok(false);
    }
    if may_be_tagged && header.proves(embedded.head) {
        return Ok(true);
    }
    let is_last = ledger::last(conn, embedded.table)? == Some((embedded.latest(), embedded.head, header.cookie));
    Ok(is_last && claim::read(conn, embedded.table)?.is_none())
}

/// One segment after the other, until nothing is left to do; and whether anything was begun, however it ends.
fn segments(
    conn: &mut Connection,
    order: Order<'_>,
    mut mode: Mode,
    left: Left,
    is_started: &Cell<bool>,
) -> Result<Report, Error> {
    let mut report: Option<Report> = None;
    let mut safeguard = Safeguard::new(order.options.backup.as_ref());
    loop {
        let (done, next) = match unless_claimed(conn, order.embedded.table, |conn| {
            segment(conn, order, mode, is_started, &mut safeguard)
        }) {
            Ok(done) => done,
            Err(error) => {
                let error = attend::explain(error.while_writing(left));
                let error = match report.as_ref().filter(|report| !report.is_noop()) {
                    Some(report) => error.partway(order.embedded.label(report.to)),
                    None => error,
                };
                return Err(safeguard.failed(error));
            }
        };
        let mut so_far = match report.take() {
            Some(report) => report.then(done),
            None => done,
        };
        let Some(next) = next else {
            safeguard.done(&mut so_far);
            return Ok(so_far);
        };
        mode = next;
        report = Some(so_far);
    }
}

/// Carries out what comes first on the way to the goal, if it is of this mode; and in what the next segment is to be done, if
/// there is one.
fn segment(
    conn: &mut Connection,
    order: Order<'_>,
    mode: Mode,
    is_started: &Cell<bool>,
    safeguard: &mut Safeguard<'_>,
) -> Result<(Report, Option<Mode>), Error> {
    attend::check()?;
    // What is run outside of a transaction is claimed in one.
    let session = Session::begin(conn, if mode.is_atomic() { mode } else { Mode::Plain })?;
    // Another process may have been faster: what counts is what is found now that nobody else can write.
    let history = ledger::read(&session, order.embedded.table)?;
    let plan = status::plan(&session, history.as_deref().unwrap_or_default(), order)?;
    if plan.mode() != Some(mode) {
        return Ok((Report::at(plan.current), plan.mode()));
    }
    if !is_started.replace(true) {
        order.raise(Event::Started { plan: &plan, to: order.goal.to() });
    }
    safeguard.take(&session, order, history.as_deref())?;
    let (now, later) = plan.split();
    let alone = now.steps.first().filter(|_| !mode.is_atomic());
    let report = if let Some(step) = alone {
        let claim = alone::claim(session, order, history.as_deref().unwrap_or_default(), step)?;
        alone::carry_out(conn, order, &claim, step)?
    } else {
        let report = apply::apply(&session, order, history, &now)?;
        attend::check()?;
        session.commit()?;
        report
    };
    order.raise(Event::Committed { segment: now.whole() });
    Ok((report, later.first().map(|step| step.mode)))
}

/// As long as the busy timeout says, waits for another process that is at a migration outside of a transaction. Whether that one
/// is still alive, nobody can tell.
fn unless_claimed<T>(
    conn: &mut Connection,
    table: &str,
    mut act: impl FnMut(&mut Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut wait = Wait::start();
    loop {
        match act(conn) {
            Err(error) if error.is_claimed() && wait.again(conn) => {
                // That process needs every lock that there is, so whoever waits for it only looks.
                while moment(conn, |_| claim::read(conn, table))?.is_some() && wait.again(conn) {}
            }
            outcome => return outcome,
        }
    }
}

/// Lets the header and the history say again what has been proved at `header`. VACUUM moves the cookie, and so does the first
/// ANALYZE.
fn restamp(conn: &mut Connection, proved: Header, embedded: &Embedded) -> Result<(), Error> {
    let session = Session::begin(conn, Mode::Plain)?;
    if Header::read(&session)? != proved {
        return Ok(());
    }
    let history = ledger::read(&session, embedded.table)?.unwrap_or_default();
    let owns_tag = apply::owns_tag(proved, &history, embedded.user_version);
    apply::stamp(&session, embedded.table, history.last(), owns_tag, proved.cookie)?;
    session.commit()
}
