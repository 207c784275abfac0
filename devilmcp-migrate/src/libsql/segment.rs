//! Carries out one segment of a plan on a server, in one transaction.

use std::iter;
use std::time::{Duration, SystemTime};

use devilmcp_migrate_core::run::{self, Failure};
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value};

use super::mirror::{Mirror, number};
use super::orphans;
use super::protocol::{Outcome, Statement};
use super::transaction::{Transaction, rows};
use crate::apply::{failed, microseconds, owns_tag};
use crate::error::{Error, Inner};
use crate::event::Event;
use crate::header::{Header, UNPROVED, tag};
use crate::ledger::{self, Record};
use crate::order::Order;
use crate::plan::{Action, Plan, Step};
use crate::policy::Drift;
use crate::recording;
use crate::report::{Done, Report};
use crate::{adopt, status};

/// Carries out every step of a plan that is one segment, checks the foreign keys, and writes the history and the tag. What the history is
/// then is returned along; the caller commits.
pub(super) fn apply(
    transaction: &mut Transaction<'_>,
    order: Order<'_>,
    header: Header,
    history: Option<Vec<Record>>,
    plan: &Plan,
) -> Result<(Report, Vec<Record>), Error> {
    let embedded = order.embedded;
    let before = orphans::read(transaction)?;
    if history.is_none() {
        act(transaction, "create the history table", Statement::act(ledger::making(embedded.table)))?;
    }
    let mut history = history.unwrap_or_default();
    let is_ours = owns_tag(header, &history, embedded.user_version);
    let mut report = Report { from: plan.current, ..Report::default() };
    for step in &plan.steps {
        order.raise(Event::MigrationStarted { step });
        let (duration, cookie) = script(transaction, order, step)?;
        match step.action {
            Action::Apply | Action::Adopt => {
                note(transaction, order, step, [microseconds(duration), cookie], &mut history)?;
            }
            Action::Revert => {
                let delete = Statement::act(ledger::forgetting(embedded.table)).with([Value::Integer(step.number)]);
                act(transaction, "write the history table", delete)?;
                history.pop();
            }
        }
        if step.action == Action::Adopt && embedded.is_baseline(step.number) && !step.sql.is_empty() {
            adopt::verify(&Mirror::of(transaction, embedded)?.conn, embedded, step.number)?;
        }
        let done = Done { number: step.number, name: step.name.clone(), action: step.action, duration };
        order.raise(Event::MigrationFinished { done: &done });
        report.done.push(done);
    }
    let after = orphans::read(transaction)?;
    report.violations = after.no_worse_than(&before)?;
    let history = finish(transaction, order, is_ours, &mut report)?;
    Ok((report, history))
}

/// Runs the script of a step. How long the server was at it, and the schema cookie after it.
fn script(transaction: &mut Transaction<'_>, order: Order<'_>, step: &Step) -> Result<(Duration, i64), Error> {
    let ranges: Vec<_> = run::kept(&step.sql, step.standing).collect();
    let of = ranges.len();
    if order.options.listeners.hear_statements() {
        for (at, range) in ranges.iter().enumerate() {
            let line = step.sql[..range.start].matches('\n').count() + 1;
            order.raise(Event::Statement { step, line, sql: &step.sql[range.clone()], at: at + 1, of });
        }
    }
    let statements = ranges.iter().map(|range| Statement::act(&step.sql[range.clone()]));
    let outcomes = transaction.run(statements.chain(iter::once(Statement::query("PRAGMA schema_version"))))?;
    let mut total = Duration::ZERO;
    let mut cookie = None;
    for (at, outcome) in outcomes.into_iter().enumerate() {
        match (outcome, ranges.get(at)) {
            (Outcome::Failed(error), Some(range)) => {
                let failure = Failure { range: range.clone(), denial: None, error };
                return Err(failed(step.direction(), &step.label(), &step.sql, failure));
            }
            (Outcome::Done { rows: _, duration }, Some(_)) => total += duration,
            (Outcome::Skipped, Some(_)) => return Err(Inner::TransactionEnded.into()),
            (outcome, None) => cookie = Some(number(&rows("read a pragma", outcome)?)?),
        }
    }
    cookie.map(|cookie| (total, cookie)).ok_or_else(|| Inner::TransactionEnded.into())
}

/// Writes down that a migration was applied.
fn note(
    transaction: &mut Transaction<'_>,
    order: Order<'_>,
    step: &Step,
    [duration_us, schema_cookie]: [i64; 2],
    history: &mut Vec<Record>,
) -> Result<(), Error> {
    let records = recording::done(order.embedded, history, step, duration_us, schema_cookie)?;
    let now = SystemTime::now();
    for record in records {
        let values =
            ledger::bind(&record, now, |values| values.iter().map(|one| value(*one)).collect::<Result<Vec<_>, _>>());
        let values = values.map_err(Error::sqlite("write the history table"))?;
        act(
            transaction,
            "write the history table",
            Statement::act(ledger::writing(order.embedded.table)).with(values),
        )?;
        history.push(record);
    }
    Ok(())
}

fn value(given: &dyn ToSql) -> rusqlite::Result<Value> {
    match given.to_sql()? {
        ToSqlOutput::Borrowed(value) => {
            Value::try_from(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
        }
        ToSqlOutput::Owned(value) => Ok(value),
        _ => Err(rusqlite::Error::InvalidQuery),
    }
}

/// Notes where the database stands after a segment; the history as it is then.
fn finish(
    transaction: &mut Transaction<'_>,
    order: Order<'_>,
    owns_tag: bool,
    report: &mut Report,
) -> Result<Vec<Record>, Error> {
    let embedded = order.embedded;
    let mirror = Mirror::of(transaction, embedded)?;
    // What was written is read again, and has to add up.
    let mut history = ledger::read(&mirror.conn, embedded.table)?.unwrap_or_default();
    report.to = history.last().map_or(0, |last| last.number);
    let Some(last) = history.last_mut() else {
        act(transaction, "drop the history table", Statement::act(ledger::dropping(embedded.table)))?;
        if owns_tag {
            act(transaction, "tag the database", Statement::act("PRAGMA user_version = 0"))?;
        }
        return Ok(history);
    };
    let is_known = last.number <= embedded.latest();
    let (number, digest) = (last.number, last.history);
    let is_compared = is_known && order.options.drift != Drift::Ignore;
    if is_compared {
        report.drift = status::drift_after(&mirror.conn, embedded, &history, order.options.drift)?;
    }
    let cookie = if is_compared && report.drift.is_empty() { mirror.header.cookie } else { UNPROVED };
    let update = Statement::act(ledger::noting(embedded.table)).with([Value::Integer(number), Value::Integer(cookie)]);
    act(transaction, "write the history table", update)?;
    if owns_tag {
        let set = format!("PRAGMA user_version = {}", tag(digest, cookie));
        act(transaction, "tag the database", Statement::act(set))?;
    }
    if let Some(last) = history.last_mut() {
        last.schema_cookie = cookie;
    }
    Ok(history)
}

fn act(transaction: &mut Transaction<'_>, attempt: &'static str, statement: Statement) -> Result<(), Error> {
    transaction.query(attempt, [statement]).map(drop)
}
