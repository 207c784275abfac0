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

use rusqlite::Connection;

use super::failure::Failure;
use super::names::Names;
use super::open::{Access, open};
use super::output::Output;
use super::place::{self, Place};
use super::progress;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::ledger;
use crate::order::{Options, Order};
use crate::plan::{Goal, Plan};
use crate::report::Report;
use crate::run::{planned, run};
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
    pub(super) place: Place<'a>,
    pub(super) output: Output,
}

impl<'a> Subject<'a> {
    /// Opens the file that it is, if it is one.
    fn open(self, access: Access) -> Result<Connection, Failure> {
        open(self.place.file()?, access)
    }

    /// Opens it to look at the schema and at what was applied.
    fn look(self) -> Result<Connection, Failure> {
        match self.place {
            Place::File(path) => open(path, Access::Read),
            Place::Server(server) => Ok(place::look(server, self.embedded)?),
        }
    }

    /// Where the database stands.
    fn status(self) -> Result<Standing, Failure> {
        let conn = self.look()?;
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

    /// What would be done.
    fn planned(self, goal: Goal, options: &'a Options<'a>) -> Result<Plan, Failure> {
        let order = self.order(goal, options);
        Ok(match self.place {
            Place::File(path) => planned(&open(path, Access::Read)?, order)?,
            Place::Server(server) => place::planned(server, order)?,
        })
    }

    /// Does it, under the eyes of whoever sits at a terminal.
    fn run(self, access: Access, goal: Goal, options: &'a Options<'a>) -> Result<Report, Failure> {
        let run = |order: Order<'_>| match self.place {
            Place::File(path) => Ok(run(&mut open(path, access)?, order)?),
            Place::Server(server) => Ok(place::run(server, order)?),
        };
        let Some(terminal) = self.output.terminal() else { return run(self.order(goal, options)) };
        let mut options = options.clone();
        let seen = terminal.clone();
        options.listeners.add(move |event| progress::show(event, &seen));
        let outcome = run(Order { embedded: self.embedded, options: &options, goal });
        terminal.clear();
        outcome
    }
}

/// The migrations that were applied, oldest first.
fn applied(conn: &Connection, table: &str) -> Result<Vec<Applied>, Error> {
    let history = moment(conn, |_| ledger::read(conn, table))?.unwrap_or_default();
    Ok(history.into_iter().map(Applied).collect())
}
