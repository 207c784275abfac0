//! What the history says of migrations that are applied.

use std::time::SystemTime;

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::migration::Past;
use devilmcp_migrate_core::name::Number;

use crate::embedded::Embedded;
use crate::error::Error;
use crate::header::UNPROVED;
use crate::ledger::{self, Record};
use crate::plan::{Action, Step};
use crate::session::Session;

/// What is to be said of a migration that was applied.
#[derive(Debug)]
pub(crate) struct Noted<'s> {
    pub(crate) step: &'s Step,
    pub(crate) at: SystemTime,
    pub(crate) duration_us: i64,
    pub(crate) schema_cookie: i64,
}

/// Writes down all that was applied. Whoever would see less than all of it meanwhile sees nothing of the transaction.
pub(crate) fn note(
    session: &Session<'_>,
    embedded: &Embedded,
    noted: &[Noted<'_>],
    history: &mut Vec<Record>,
) -> Result<(), Error> {
    if noted.is_empty() {
        return Ok(());
    }
    let mut writer = ledger::Writer::new(session, embedded.table)?;
    for Noted { step, at, duration_us, schema_cookie } in noted {
        let (duration_us, schema_cookie) = (*duration_us, *schema_cookie);
        for record in done(embedded, history, step, duration_us, schema_cookie)? {
            writer.append(&record, *at)?;
            // There may be many, and nobody asks again how they are undone.
            history.push(Record { down: None, ..record });
        }
    }
    Ok(())
}

/// What the history says of a migration that was applied, in so many microseconds, with the schema at this cookie then.
pub(crate) fn done(
    embedded: &Embedded,
    history: &[Record],
    step: &Step,
    duration_us: i64,
    schema_cookie: i64,
) -> Result<Vec<Record>, Error> {
    let mut records = records(embedded, history, step.number)?;
    if let Some(last) = records.last_mut() {
        (last.duration_us, last.schema_cookie, last.adopted) =
            (duration_us, schema_cookie, step.action == Action::Adopt);
    }
    Ok(records)
}

/// What the history will say of a migration that is to be applied: of one that stands for others, what it says of these, because nothing in
/// the database is to tell whether they were run one by one.
pub(crate) fn records(embedded: &Embedded, history: &[Record], number: i64) -> Result<Vec<Record>, Error> {
    let is_squash = embedded.squash().is_some_and(|squash| squash.number == number);
    let last = history.last().map_or(0, |last| last.number);
    let is_due = |past: &&Past| is_squash && past.number > last && past.number < number;
    let mut records: Vec<Record> = Vec::new();
    for past in embedded.past.iter().filter(is_due) {
        records.push(unapplied(*past, records.last().or(history.last()), None, embedded)?);
    }
    let own = record(embedded, records.last().or(history.last()), number)?;
    records.push(own);
    Ok(records)
}

/// What the history, which ends with `before`, will say of a migration of this number alone.
pub(crate) fn record(embedded: &Embedded, before: Option<&Record>, number: i64) -> Result<Record, Error> {
    let (migration, past) = embedded.find(number).zip(embedded.recorded(number)).ok_or_else(unknown)?;
    // Whoever goes this way later need not know that it was locked, but has to know how it is gone.
    let down = migration.down.map(|down| migration.mode.stored(&migration.standing.kept(down)));
    unapplied(past, before, down, embedded)
}

fn unknown() -> Error {
    Error::sqlite("find the migration")(rusqlite::Error::QueryReturnedNoRows)
}

fn unapplied(past: Past, before: Option<&Record>, down: Option<String>, embedded: &Embedded) -> Result<Record, Error> {
    let Past { number, name, digest } = past;
    let before = before.map_or(Digest::EMPTY, |last| last.history);
    let history = before.then(Number::new(number).ok_or_else(unknown)?, name, digest);
    Ok(Record {
        number,
        name: name.to_owned(),
        digest,
        history,
        down,
        applied_at: String::new(),
        duration_us: 0,
        app_version: embedded.app_version.map(str::to_owned),
        schema_cookie: UNPROVED,
        adopted: false,
    })
}
