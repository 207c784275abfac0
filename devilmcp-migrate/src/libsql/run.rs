//! From where a database on a server stands to the goal, segment by segment.

use std::thread;
use std::time::{Duration, Instant};

use devilmcp_migrate_core::mode::Mode;

use super::mirror::Mirror;
use super::server::Server;
use super::transaction::Transaction;
use super::{refusal, segment};
use crate::embedded::Embedded;
use crate::error::{Error, Inner};
use crate::event::Event;
use crate::ledger::{self, Record};
use crate::order::Order;
use crate::plan::Plan;
use crate::report::Report;
use crate::run::{Seen, look, planned};
use crate::trace::Spans;
use crate::{stale, status};

/// Does what leads to the goal.
pub(crate) fn run(server: &Server, order: Order<'_>) -> Result<Report, Error> {
    let _spans = Spans::begin();
    refusal::options(order.options)?;
    stale::check(order.embedded.watched.as_ref())?;
    let mirror = mirror(server, order.embedded)?;
    let mode = match look(&mirror.conn, mirror.header, order)? {
        Seen::Nothing { report, unproved: _ } => return Ok(report),
        Seen::Steps { mode, left: _ } => mode,
    };
    // All of it, before any of it is done.
    refusal::plan(&planned(&mirror.conn, order)?)?;
    let mut is_started = false;
    let outcome = segments(server, order, mode, &mut is_started);
    if is_started {
        order.raise(match &outcome {
            Ok(report) => Event::Finished { report },
            Err(error) => Event::Failed { error },
        });
    }
    outcome
}

/// What would be done.
pub(crate) fn plan(server: &Server, order: Order<'_>) -> Result<Plan, Error> {
    refusal::options(order.options)?;
    let plan = planned(&mirror(server, order.embedded)?.conn, order)?;
    refusal::plan(&plan)?;
    Ok(plan)
}

/// What is there now.
pub(crate) fn mirror(server: &Server, embedded: &Embedded) -> Result<Mirror, Error> {
    Mirror::of(&mut Transaction::read(server)?, embedded)
}

fn segments(server: &Server, order: Order<'_>, mut mode: Mode, is_started: &mut bool) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut is_first = true;
    loop {
        let (done, next) = one(server, order, mode, is_started)
            .map_err(|error| if report.is_noop() { error } else { error.partway(order.embedded.label(report.to)) })?;
        report = if is_first { done } else { report.then(done) };
        is_first = false;
        match next {
            Some(next) => mode = next,
            None => return Ok(report),
        }
    }
}

/// Carries out what comes first on the way to the goal, if it is of this mode; and in what the next segment is to be done, if there is one.
fn one(server: &Server, order: Order<'_>, mode: Mode, is_started: &mut bool) -> Result<(Report, Option<Mode>), Error> {
    check(order)?;
    let mut transaction = Transaction::write(server, mode.enforces_foreign_keys())?;
    // Another client may have been faster: what counts is what is found now that nobody else can write.
    let mirror = Mirror::of(&mut transaction, order.embedded)?;
    let history = ledger::read(&mirror.conn, order.embedded.table)?;
    let plan = status::plan(&mirror.conn, history.as_deref().unwrap_or_default(), order)?;
    if plan.mode() != Some(mode) {
        return Ok((Report::at(plan.current), plan.mode()));
    }
    refusal::plan(&plan)?;
    if !std::mem::replace(is_started, true) {
        order.raise(Event::Started { plan: &plan, to: order.goal.to() });
    }
    let (now, later) = plan.split();
    let before = history.clone().unwrap_or_default();
    let (report, after) = segment::apply(&mut transaction, order, mirror.header, history, &now)?;
    check(order)?;
    if !transaction.commit()? {
        find_out(server, order.embedded, &before, &after)?;
    }
    order.raise(Event::Committed { segment: now.whole() });
    Ok((report, later.first().map(|step| step.mode)))
}

/// Whether somebody has cancelled; what was done since the last commit is rolled back.
fn check(order: Order<'_>) -> Result<(), Error> {
    let is_cancelled = order.options.cancel.as_ref().is_some_and(crate::cancel::Cancel::is_cancelled);
    if is_cancelled { Err(Inner::Cancelled { at: None, source: None }.into()) } else { Ok(()) }
}

/// Whether a commit was done whose answer was lost. Only under the write lock is it certain that it cannot be done any more.
fn find_out(server: &Server, embedded: &Embedded, before: &[Record], after: &[Record]) -> Result<(), Error> {
    let started = Instant::now();
    loop {
        let found = Transaction::write(server, false)
            .and_then(|mut transaction| Mirror::of(&mut transaction, embedded))
            .and_then(|mirror| ledger::read(&mirror.conn, embedded.table));
        match found {
            Ok(history) => {
                let history = history.unwrap_or_default();
                return if history == before {
                    Err(Inner::CommitLost.into())
                } else if history.starts_with(after) {
                    Ok(())
                } else {
                    // Others have been there since.
                    Err(Inner::CommitUnknown { source: None }.into())
                };
            }
            Err(_) if started.elapsed() < server.waits() => thread::sleep(AGAIN),
            Err(source) => return Err(Inner::CommitUnknown { source: Some(source) }.into()),
        }
    }
}

const AGAIN: Duration = Duration::from_millis(200);
