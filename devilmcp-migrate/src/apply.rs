//! Carries out one segment of a plan, under the lock.

use std::time::{Duration, Instant, SystemTime};

use devilmcp_migrate_core::position::line_and_column;
use devilmcp_migrate_core::run::Failure;

use crate::embedded::{Embedded, UserVersion};
use crate::error::{Cause, Error, Inner};
use crate::event::Event;
use crate::foreign_keys::State;
use crate::header::{Header, UNPROVED, tag};
use crate::hook::Hook;
use crate::hooks::When;
use crate::ledger::{self, Record};
use crate::order::Order;
use crate::plan::{Action, Plan, Step};
use crate::policy::Drift;
use crate::recording::{Noted, note};
use crate::report::Report;
use crate::session::{Session, pragma};
use crate::{adopt, script, status, summary};

/// Carries out every step of a plan that is one segment, checks the foreign keys, and writes the history and the tag. The
/// caller commits.
pub(crate) fn apply(
    session: &Session<'_>,
    order: Order<'_>,
    history: Option<Vec<Record>>,
    plan: &Plan,
) -> Result<Report, Error> {
    let embedded = order.embedded;
    let header = Header::read(session)?;
    let before = State::read(session)?;
    let is_lasting = is_lasting(session, embedded, plan)?;
    let covered = if is_lasting { summary::covered(session, order, &plan.steps)? } else { 0 };
    if history.is_none() {
        ledger::create(session, embedded.table)?;
    }
    let mut history = history.unwrap_or_default();
    let prior = Prior { is_lasting, ..Prior::of(header, &history, embedded.user_version) };
    let (covered, share) = summary::make(session, order, covered)?;
    let mut report = Report { from: plan.current, ..Report::default() };
    let mut noted = Vec::new();
    let mut cookie = session.prepare("PRAGMA schema_version").map_err(Error::sqlite("read a pragma"))?;
    for (at, step) in plan.steps.iter().enumerate() {
        let mut started = Instant::now();
        order.raise(Event::MigrationStarted { step });
        match step.action {
            Action::Apply | Action::Adopt => {
                if at < covered {
                    started = started.checked_sub(share).unwrap_or(started);
                } else {
                    upgrade(session, order, step)?;
                }
                let duration_us = microseconds(started.elapsed());
                let schema_cookie = cookie.query_row([], |row| row.get(0)).map_err(Error::sqlite("read a pragma"))?;
                noted.push(Noted { step, at: SystemTime::now(), duration_us, schema_cookie });
            }
            Action::Revert => {
                execute(session, order, step)?;
                ledger::remove(session, embedded.table, step.number)?;
                history.pop();
            }
        }
        let done = step.done(started);
        order.raise(Event::MigrationFinished { done: &done });
        report.done.push(done);
    }
    drop(cookie);
    note(session, embedded, &noted, &mut history)?;
    let after = State::read(session)?;
    report.violations = after.no_worse_than(&before)?;
    finish(session, embedded, order.options.drift, &history, prior, &mut report)?;
    Ok(report)
}

/// What the header tells of a database before a segment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prior {
    /// The tag is ours to write.
    owns_tag: bool,
    /// The schema is what the applied migrations make.
    is_proved: bool,
    /// If it was, it still is: nothing has been done to it but what was proved, by the same SQLite.
    is_lasting: bool,
}

impl Prior {
    pub(crate) fn of(header: Header, history: &[Record], whose: UserVersion) -> Self {
        // A file in which nothing was ever made has no cookie.
        let cookie = history.last().map_or(0, |last| last.schema_cookie);
        Self { owns_tag: owns_tag(header, history, whose), is_proved: header.cookie == cookie, is_lasting: false }
    }
}

/// Whether the plan does to the schema exactly what was proved: the same SQLite runs the same migrations, and no temporary object of
/// the caller's stands for one of theirs.
fn is_lasting(session: &Session<'_>, embedded: &Embedded, plan: &Plan) -> Result<bool, Error> {
    let are_ours = plan.steps.iter().all(|step| step.action == Action::Apply);
    if !are_ours || !embedded.has_proved_here() {
        return Ok(false);
    }
    let temporary = session.prepare("SELECT 1 FROM temp.sqlite_master LIMIT 1");
    let is_there = temporary.and_then(|mut query| query.exists([])).map_err(Error::sqlite("read the schema"))?;
    Ok(!is_there)
}

/// Notes where the database stands after a segment.
pub(crate) fn finish(
    session: &Session<'_>,
    embedded: &Embedded,
    policy: Drift,
    history: &[Record],
    prior: Prior,
    report: &mut Report,
) -> Result<(), Error> {
    report.to = history.last().map_or(0, |record| record.number);
    let is_proved = match history.last() {
        None => {
            ledger::drop(session, embedded.table)?;
            true
        }
        // What a newer program has made, this one does not know.
        Some(last) if last.number > embedded.latest() => false,
        // What the migrations do to what they have made needs no other look.
        Some(_) if policy == Drift::Ignore => prior.is_proved,
        Some(_) if policy == Drift::Report && prior.is_proved && prior.is_lasting => true,
        Some(_) => {
            // What was otherwise before the run still is.
            report.drift = status::drift_after(session, embedded, history, policy)?;
            report.drift.is_empty()
        }
    };
    let cookie = if is_proved { pragma(session, "schema_version")? } else { UNPROVED };
    stamp(session, embedded.table, history.last(), prior.owns_tag, cookie)
}

/// Whether the tag is ours to write: nobody has written one, or we did. An application's own `user_version` stays.
pub(crate) fn owns_tag(header: Header, history: &[Record], whose: UserVersion) -> bool {
    let is_free = match whose {
        UserVersion::Migrations => header.tag == 0,
        UserVersion::Application => return false,
        // The program that has applied something would have written one.
        UserVersion::Unknown => header.tag == 0 && history.is_empty(),
    };
    is_free || history.last().is_some_and(|last| header.tag == tag(last.history, last.schema_cookie))
}

/// Notes where the database stands now, so that the next start knows it by the header; `cookie` is that of a schema that was
/// found to be what it should, or none that there is.
pub(crate) fn stamp(
    session: &Session<'_>,
    table: &str,
    last: Option<&Record>,
    owns_tag: bool,
    cookie: i64,
) -> Result<(), Error> {
    let tag = match last {
        Some(last) => {
            ledger::set_cookie(session, table, last.number, cookie)?;
            tag(last.history, cookie)
        }
        None => 0,
    };
    if owns_tag {
        session.execute(&format!("PRAGMA user_version = {tag}"), "tag the database")?;
    }
    Ok(())
}

fn upgrade(session: &Session<'_>, order: Order<'_>, step: &Step) -> Result<(), Error> {
    let embedded = order.embedded;
    hooks(session, order, step, When::Before)?;
    execute(session, order, step)?;
    hooks(session, order, step, When::After)?;
    if step.action == Action::Adopt && embedded.is_baseline(step.number) && !step.sql.is_empty() {
        adopt::verify(session, embedded, step.number)?;
    }
    Ok(())
}

/// Runs the hooks on one side of a migration. What is adopted was there before, and with it whatever a hook would have done.
fn hooks(session: &Session<'_>, order: Order<'_>, step: &Step, when: When) -> Result<(), Error> {
    if step.action != Action::Apply {
        return Ok(());
    }
    let hook = Hook::new(session, step);
    order.options.hooks.of(step.number, when).try_for_each(|run| {
        order.raise(Event::Hook { step, when });
        // Whatever the hook makes of an error of SQLite's, what that has rolled back is not to be recorded as done.
        let outcome = run(&hook).and_then(|()| Ok(hook.check_open()?));
        outcome.map_err(|source| Inner::Hook { when, migration: step.label(), source }.into())
    })
}

fn execute(session: &Session<'_>, order: Order<'_>, step: &Step) -> Result<(), Error> {
    script::run(session, order, step).map_err(|failure| failed(step.direction(), &step.label(), &step.sql, failure))
}

/// A failed statement as an error that says where.
pub(crate) fn failed(direction: &'static str, migration: &str, sql: &str, failure: Failure) -> Error {
    let (line, column, statement, source) = place(sql, failure);
    Inner::Apply { direction, migration: migration.to_owned(), line, column, statement, source }.into()
}

/// The same where statements before it stay.
pub(crate) fn stopped(direction: &'static str, migration: &str, sql: &str, failure: Failure) -> Error {
    let (line, column, statement, source) = place(sql, failure);
    Inner::Stopped { direction, migration: migration.to_owned(), line, column, statement, source }.into()
}

/// Line, column and text of what failed, and why.
fn place(sql: &str, failure: Failure) -> (usize, usize, String, Cause) {
    let at = failure.range.start;
    let (line, column) = line_and_column(sql, at);
    (line, column, excerpt(sql, at), cause(failure))
}

fn cause(failure: Failure) -> Cause {
    failure.denial.map_or_else(|| Cause::Sqlite(failure.error), Cause::Denied)
}

/// The line that is meant, not longer than fits a message.
fn excerpt(sql: &str, at: usize) -> String {
    const MOST: usize = 80;
    let from = sql[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = sql[from..].lines().next().unwrap_or_default().trim();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

pub(crate) fn microseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
