//! Runs the script of a step.

use std::sync::Arc;

use devilmcp_migrate_core::run::{self, Failure};
use devilmcp_migrate_core::token::significant;

use rusqlite::ffi;

use crate::attend;
use crate::error::is_locked;
use crate::event::Event;
use crate::order::Order;
use crate::plan::Step;
use crate::session::Session;
use crate::wait::until;

/// Runs every statement of the step's script. What ran before one that fails is not undone here.
pub(crate) fn run(session: &Session<'_>, order: Order<'_>, step: &Step) -> Result<(), Failure> {
    let statements: Vec<_> = run::kept(&step.sql, step.standing).collect();
    let of = statements.len();
    let (mut line, mut counted) = (1, 0);
    let attention = attend::present().map(|attention| (attention, Arc::new(step.clone())));
    for (at, range) in statements.into_iter().enumerate() {
        if order.options.listeners.hear_statements() {
            line += step.sql[counted..range.start].matches('\n').count();
            counted = range.start;
            order.raise(Event::Statement { step, line, sql: &step.sql[range.clone()], at: at + 1, of });
        }
        if attend::is_ending() {
            let error =
                rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), Some("interrupted".to_owned()));
            return Err(Failure { range, denial: None, error });
        }
        // Outside of a transaction SQLite undoes a statement as a whole, so one that is refused has changed nothing.
        let passes = |failure: &Failure| !step.mode.is_atomic() && is_locked(&failure.error);
        let may_leave_wal = !step.mode.is_atomic() && sets_journal_mode(&step.sql[range.clone()]);
        until(session, passes, || {
            if may_leave_wal {
                empty_wal(session).map_err(|error| Failure { range: range.clone(), denial: None, error })?;
            }
            let run = || run::statement(session, session.watch(), &step.sql, range.clone());
            match &attention {
                Some((attention, step)) => attention.statement(step, line, run),
                None => run(),
            }
        })?;
    }
    Ok(())
}

fn sets_journal_mode(statement: &str) -> bool {
    let mut words = significant(statement);
    words.next().is_some_and(|first| first.is("PRAGMA")) && words.any(|word| word.is("JOURNAL_MODE"))
}

/// Brings everything from the WAL, if there is one, into the database, and leaves it empty.
///
/// SQLite deletes it when the journal mode changes, and does not look whether that has worked. A WAL that has stayed would be played
/// back over whatever is written to the database later. If somebody reads meanwhile, nothing is done, and the mode cannot change.
fn empty_wal(session: &Session<'_>) -> rusqlite::Result<()> {
    session.execute_batch("PRAGMA main.wal_checkpoint(TRUNCATE)")
}
