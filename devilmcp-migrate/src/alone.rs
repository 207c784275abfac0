//! A migration that is run outside of any transaction: claimed, run, recorded.

use std::time::{Instant, SystemTime};

use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::run::Failure;
use devilmcp_migrate_core::statement::statements;
use rusqlite::{Connection, ErrorCode};

use crate::apply::Prior;
use crate::claim::{Claim, Resolution};
use crate::embedded::Embedded;
use crate::error::{Error, Inner, is_locked};
use crate::event::Event;
use crate::foreign_keys::State;
use crate::header::Header;
use crate::ledger::{self, Record};
use crate::order::Order;
use crate::plan::{Action, Step};
use crate::policy::Drift;
use crate::report::Report;
use crate::session::{Session, pragma};
use crate::{apply, attend, claim, recording, script, wait};

/// Claims the migration that the step is about, and commits. The caller has read under the lock that it is due.
pub(crate) fn claim(session: Session<'_>, order: Order<'_>, history: &[Record], step: &Step) -> Result<Claim, Error> {
    let embedded = order.embedded;
    let known = history.iter().find(|record| record.number == step.number);
    let record = match known {
        Some(record) => Record { app_version: embedded.app_version.map(str::to_owned), ..record.clone() },
        None => recording::record(embedded, history.last(), step.number)?,
    };
    let claim = claim::take(&session, embedded.table, &record, step.action)?;
    session.commit()?;
    Ok(claim)
}

/// Runs what was claimed, and records it.
pub(crate) fn carry_out(conn: &mut Connection, order: Order<'_>, claim: &Claim, step: &Step) -> Result<Report, Error> {
    let started = Instant::now();
    order.raise(Event::MigrationStarted { step });
    execute(conn, order, claim, step)?;
    let (direction, migration) = (step.direction(), step.label());
    // What has been run is to be recorded, whoever cancels meanwhile.
    let recorded = attend::shielded(|| {
        let session = Session::begin(conn, Mode::Plain)?;
        let is_applied = if step.action == Action::Revert { Resolution::NotApplied } else { Resolution::Applied };
        let duration_us = apply::microseconds(started.elapsed());
        let policy = order.options.drift.too_late();
        let mut report = record(&session, order.embedded, policy, claim, is_applied, duration_us)?;
        let done = step.done(started);
        session.commit()?;
        order.raise(Event::MigrationFinished { done: &done });
        report.done.push(done);
        Ok(report)
    });
    recorded.map_err(|error: Error| error.unrecorded(direction, migration))
}

/// Writes into the history what somebody has found out.
pub(crate) fn resolve(conn: &mut Connection, embedded: &Embedded, found: Resolution) -> Result<Report, Error> {
    let session = Session::begin(conn, Mode::Plain)?;
    let claim = claim::read(&session, embedded.table)?.ok_or(Inner::NothingToResolve)?;
    let report = record(&session, embedded, Drift::Report, &claim, found, 0)?;
    session.commit()?;
    Ok(report)
}

fn execute(conn: &mut Connection, order: Order<'_>, claim: &Claim, step: &Step) -> Result<(), Error> {
    let begun = Session::begin(conn, step.mode).map(|session| attempt(session, order, step));
    // If nothing has been run, and yet the claim cannot be taken back, why that is so is the thing to know.
    let attempted = begun.map_err(|error| release(conn, order.embedded.table, claim).err().unwrap_or(error))?;
    let Some((failure, is_untouched)) = attempted? else { return Ok(()) };
    if !is_untouched || release(conn, order.embedded.table, claim).is_err() {
        return Err(apply::stopped(step.direction(), &step.label(), &step.sql, failure));
    }
    Err(if is_locked(&failure.error) {
        Error::sqlite("run a migration")(failure.error).waited(wait::timeout(conn))
    } else {
        apply::failed(step.direction(), &step.label(), &step.sql, failure)
    })
}

/// Runs the script; and if it fails, whether nothing has been changed.
fn attempt(session: Session<'_>, order: Order<'_>, step: &Step) -> Result<Option<(Failure, bool)>, Error> {
    let before = session.total_changes();
    let Err(failure) = script::run(&session, order, step) else {
        session.close().map_err(|error| error.unrecorded(step.direction(), step.label()))?;
        return Ok(None);
    };
    // A statement that fails undoes what it has done, unless it is one like `INSERT OR FAIL`, or fails only when it is done.
    let is_untouched = is_first(step, &failure) && session.total_changes() == before && is_before_commit(&failure);
    Ok(Some((failure, is_untouched)))
}

fn is_first(step: &Step, failure: &Failure) -> bool {
    let kept = step.standing.kept(&step.sql);
    statements(&kept).first().is_none_or(|first| failure.range.start < first.end)
}

/// Whether a statement that fails so has not come to its commit. Where the disk or the memory fails, it may be that all is
/// written, and only what SQLite does afterwards has failed.
fn is_before_commit(failure: &Failure) -> bool {
    let Some(code) = failure.error.sqlite_error_code() else { return true };
    matches!(
        code,
        // SQLite's `SQLITE_ERROR`.
        ErrorCode::Unknown
            // What needs room is written before it is final.
            | ErrorCode::DiskFull
            | ErrorCode::ConstraintViolation
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::ReadOnly
            | ErrorCode::OperationAborted
            | ErrorCode::OperationInterrupted
            | ErrorCode::TooBig
            | ErrorCode::TypeMismatch
            | ErrorCode::AuthorizationForStatementDenied
    )
}

/// Nothing has been done. Whoever has cancelled gets it over with.
fn release(conn: &mut Connection, history: &str, claim: &Claim) -> Result<(), Error> {
    attend::shielded(|| {
        let session = Session::begin(conn, Mode::Plain)?;
        claim::release(&session, history, claim)?;
        session.commit()
    })
}

/// Ends the claim. Whether the migration is applied now decides what the history says, whichever way it was to go.
fn record(
    session: &Session<'_>,
    embedded: &Embedded,
    policy: Drift,
    claim: &Claim,
    found: Resolution,
    duration_us: i64,
) -> Result<Report, Error> {
    let header = Header::read(session)?;
    let table = embedded.table;
    let history = ledger::read(session, table)?;
    let is_new = history.is_none();
    let mut history = history.unwrap_or_default();
    let prior = Prior::of(header, &history, embedded.user_version);
    let mut report = Report { from: history.last().map_or(0, |last| last.number), ..Report::default() };
    claim::release(session, table, claim)?;
    match (claim.action(), found) {
        (Action::Revert, Resolution::NotApplied) => {
            if history.pop_if(|last| last.history == claim.record.history).is_none() {
                return Err(claim::damaged(table, "its migration is not the last one of the history"));
            }
            ledger::remove(session, table, claim.number())?;
        }
        (Action::Apply | Action::Adopt, Resolution::Applied) => {
            let cookie = pragma(session, "schema_version")?;
            let record = Record { duration_us, schema_cookie: cookie, ..claim.record.clone() };
            if is_new {
                ledger::create(session, table)?;
            }
            ledger::Writer::new(session, table)?.append(&record, SystemTime::now())?;
            // Whoever made the claim, what is read here has to add up.
            history = ledger::read(session, table)?.unwrap_or_default();
        }
        (Action::Revert, Resolution::Applied) | (Action::Apply | Action::Adopt, Resolution::NotApplied) => {}
    }
    report.violations = State::read(session)?.violations;
    if !(is_new && history.is_empty()) {
        apply::finish(session, embedded, policy, &history, prior, &mut report)?;
    }
    Ok(report)
}
