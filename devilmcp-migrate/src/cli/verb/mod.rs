//! What each verb takes, does and answers.

mod check;
mod downgrade;
mod fleet;
mod history;
mod keeping;
mod kept;
mod plan;
mod policy;
mod report;
mod resolve;
mod restore;
mod schema;
mod segments;
mod sql;
mod stamp;
mod status;
mod upgrade;
mod version;

use std::path::Path;

use rusqlite::Connection;

use super::failure::Failure;
use super::names::Names;
use super::open::{Access, open};
use super::output::Output;
use super::progress;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::ledger;
use crate::order::{Options, Order};
use crate::plan::Goal;
use crate::report::Report;
use crate::run::run;
use crate::session::moment;
use crate::status::{self as stand, Applied, Status as Standing};

pub use check::Check;
pub use downgrade::Downgrade;
pub use fleet::Fleet;
pub use history::History;
pub use keeping::Keeping;
pub(super) use report::was;
pub use resolve::Resolve;
pub use restore::Restore;
pub(super) use schema::Shown;
pub use schema::{Notation, Schema};
pub use sql::Sql;
pub use stamp::Stamp;
pub use status::Status;
pub use upgrade::Upgrade;
pub use version::Version;

/// How to answer.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Format {
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

/// What a verb is about, and where its answer goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) embedded: &'a Embedded,
    /// What the program has chosen.
    pub(super) options: &'a Options<'a>,
    pub(super) database: &'a Path,
    pub(super) output: Output,
}

impl<'a> Subject<'a> {
    fn open(self, access: Access) -> Result<Connection, Failure> {
        open(self.database, access)
    }

    /// Where the database stands.
    fn status(self) -> Result<Standing, Failure> {
        let conn = self.open(Access::Read)?;
        Ok(moment(&conn, |_| stand::read(&conn, self.embedded))?)
    }

    /// The migrations of this program.
    fn names(self) -> Names {
        Names::of(self.embedded)
    }

    /// The same and those that were applied.
    fn names_with(self, conn: &Connection) -> Result<Names, Error> {
        Ok(self.names().and(&applied(conn, self.embedded.table)?))
    }

    /// Whether nothing is known but what the database keeps.
    fn is_sourceless(self) -> bool {
        self.embedded.migrations.is_empty()
    }

    fn order(self, goal: Goal, options: &'a Options<'a>) -> Order<'a> {
        Order { embedded: self.embedded, options, goal }
    }

    /// Does it, under the eyes of whoever sits at a terminal.
    fn run(self, conn: &mut Connection, goal: Goal, options: &'a Options<'a>) -> Result<Report, Error> {
        let Some(terminal) = self.output.terminal() else { return run(conn, self.order(goal, options)) };
        let mut options = options.clone();
        let seen = terminal.clone();
        options.listeners.add(move |event| progress::show(event, &seen));
        let outcome = run(conn, Order { embedded: self.embedded, options: &options, goal });
        terminal.clear();
        outcome
    }
}

/// The migrations that were applied, oldest first.
fn applied(conn: &Connection, table: &str) -> Result<Vec<Applied>, Error> {
    let history = moment(conn, |_| ledger::read(conn, table))?.unwrap_or_default();
    Ok(history.into_iter().map(Applied).collect())
}
