//! A new database, made of what was proved to come of the locked migrations instead of by running each.

use std::time::{Duration, Instant};

use devilmcp_migrate_core::run;
use devilmcp_migrate_core::standing::Standing;

use crate::adopt::holds_something;
use crate::embedded::Summary;
use crate::error::Error;
use crate::order::Order;
use crate::plan::Step;
use crate::session::Session;

/// How many of the first steps a summary stands for, in a database in which nothing is; 0 if there is none, or something is in its way.
/// The caller has seen that the steps are what was proved, by this SQLite, and that nothing stands for one of their objects.
pub(crate) fn covered(session: &Session<'_>, order: Order<'_>, steps: &[Step]) -> Result<usize, Error> {
    let Some(Summary { last, .. }) = order.embedded.summary.filter(|_| !order.options.runs_each) else { return Ok(0) };
    let first = order.embedded.migrations.first().map(|first| first.number);
    let Some(at) = steps.iter().position(|step| step.number == last) else { return Ok(0) };
    let is_whole = steps.first().map(|step| step.number) == first && !steps[..=at].iter().any(|step| step.has_hooks);
    if !is_whole || !is_empty(session)? {
        return Ok(0);
    }
    Ok(at + 1)
}

/// Whether there is nothing in the database, and text will be kept in it as it was for the compiler.
fn is_empty(session: &Session<'_>) -> Result<bool, Error> {
    let encoding = session.query_row("PRAGMA encoding", [], |row| row.get::<_, String>(0));
    let encoding = encoding.map_err(Error::sqlite("look for what is there"))?;
    Ok(encoding == "UTF-8" && !holds_something(session)?)
}

/// Makes what so many migrations would make. How many are then done, and each one's share of the time: all, or none. In the latter case
/// nothing has happened, and they have to be run: what is wrong they say better.
pub(crate) fn make(session: &Session<'_>, order: Order<'_>, covered: usize) -> Result<(usize, Duration), Error> {
    let Some(Summary { sql, .. }) = order.embedded.summary.filter(|_| covered > 0) else {
        return Ok((0, Duration::ZERO));
    };
    let started = Instant::now();
    session.execute("SAVEPOINT devilmcp_migrate_summary", ATTEMPT)?;
    match run(session, sql) {
        Ok(()) => {
            session.execute("RELEASE devilmcp_migrate_summary", ATTEMPT)?;
            Ok((covered, started.elapsed() / u32::try_from(covered).unwrap_or(u32::MAX)))
        }
        // Some errors end the transaction.
        Err(error) if session.is_autocommit() => Err(Error::sqlite(ATTEMPT)(error)),
        Err(_) => {
            let back = "ROLLBACK TO devilmcp_migrate_summary; RELEASE devilmcp_migrate_summary";
            session.execute(back, ATTEMPT)?;
            Ok((0, Duration::ZERO))
        }
    }
}

fn run(session: &Session<'_>, sql: &str) -> rusqlite::Result<()> {
    run::run(session, session.watch(), sql, Standing::Draft).map_err(|failure| failure.error)?;
    if sql.contains("CREATE VIRTUAL TABLE ") {
        // What modules keep in memory of their tables was true before these were filled.
        session.execute_batch("PRAGMA writable_schema = RESET")?;
    }
    Ok(())
}

const ATTEMPT: &str = "make a new database";
