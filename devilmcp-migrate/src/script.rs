//! Runs the script of a step.

use devilmcp_migrate_core::run::{self, Failure};

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
    for (at, range) in statements.into_iter().enumerate() {
        if order.options.listeners.are_there() {
            line += step.sql[counted..range.start].matches('\n').count();
            counted = range.start;
            order.raise(Event::Statement { step, line, sql: &step.sql[range.clone()], at: at + 1, of });
        }
        // Outside of a transaction SQLite undoes a statement as a whole, so one that is refused has changed nothing.
        let passes = |failure: &Failure| !step.mode.is_atomic() && is_locked(&failure.error);
        until(session, passes, || run::statement(session, session.watch(), &step.sql, range.clone()))?;
    }
    Ok(())
}
