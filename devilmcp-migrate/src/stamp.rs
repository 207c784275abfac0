//! The history written by hand, where somebody knows what a database is: nothing is run.

use std::time::SystemTime;

use devilmcp_migrate_core::mode::Mode;
use rusqlite::Connection;

use crate::apply::{self, Prior};
use crate::embedded::Embedded;
use crate::error::{Error, Inner};
use crate::header::Header;
use crate::ledger::{self, Record};
use crate::policy::Drift;
use crate::report::Report;
use crate::session::Session;
use crate::{claim, plan, recording, status};

/// What is to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    /// The number of the last migration that is to count as applied; 0 for none.
    pub(crate) to: i64,
    /// Whatever the schema is.
    pub(crate) insists: bool,
    /// Only find out what would be written.
    pub(crate) is_dry: bool,
}

/// What was written.
#[derive(Debug)]
pub(crate) struct Stamped {
    /// These count as applied now, oldest first.
    pub(crate) recorded: Vec<Record>,
    /// These do not any more, newest first.
    pub(crate) forgotten: Vec<Record>,
    pub(crate) report: Report,
}

/// Lets the history say that the database is at a migration, if its schema is what that makes.
pub(crate) fn stamp(conn: &mut Connection, embedded: &Embedded, wish: Wish) -> Result<Stamped, Error> {
    let session = Session::begin(conn, Mode::Plain)?;
    if let Some(claim) = claim::read(&session, embedded.table)? {
        return Err(claim.interrupted());
    }
    let header = Header::read(&session)?;
    let found = ledger::read(&session, embedded.table)?;
    let is_new = found.is_none();
    let mut history = found.unwrap_or_default();
    plan::check(&history, embedded)?;
    let prior = Prior::of(header, &history, embedded.user_version);
    let at = |history: &[Record]| history.last().map_or(0, |last| last.number);
    let report = Report { from: at(&history), to: at(&history), ..Report::default() };
    let mut stamped = Stamped { recorded: Vec::new(), forgotten: Vec::new(), report };
    while let Some(last) = history.pop_if(|last| last.number > wish.to) {
        ledger::remove(&session, embedded.table, last.number)?;
        stamped.forgotten.push(last);
    }
    let current = at(&history);
    for migration in embedded.migrations.iter().filter(|one| one.number > current && one.number <= wish.to) {
        for record in recording::records(embedded, &history, migration.number)? {
            // What it makes was there before, so it is not undone without insistence.
            let record = Record { adopted: true, ..record };
            history.push(record.clone());
            stamped.recorded.push(record);
        }
    }
    if stamped.recorded.is_empty() && stamped.forgotten.is_empty() {
        return Ok(stamped);
    }
    let differences = status::drift(&session, embedded, &history)?;
    if !wish.insists && !differences.is_empty() {
        let at = history
            .last()
            .map_or_else(|| "before the first migration".to_owned(), |last| format!("after {}", last.label()));
        return Err(Inner::Unlike { at, differences }.into());
    }
    if is_new {
        ledger::create(&session, embedded.table)?;
    }
    let mut writer = ledger::Writer::new(&session, embedded.table)?;
    let now = SystemTime::now();
    stamped.recorded.iter().try_for_each(|record| writer.append(record, now))?;
    drop(writer);
    apply::finish(&session, embedded, Drift::Report, &history, prior, &mut stamped.report)?;
    if !wish.is_dry {
        session.commit()?;
    }
    Ok(stamped)
}
