//! The verbs of a program on the database that is named.

use std::path::Path;

use devilmcp_migrate_core::history::check_name;
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::Levels;

use super::lints::Lints;
use super::named::{File, Named};
use super::program::{SOURCELESS, kept_in, program};
use crate::bookkeeping;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::open::{Access, open, there};
use crate::cli::output::Output;
use crate::cli::place::{self, Place};
use crate::cli::verb::Subject;
use crate::embedded::Embedded;
use crate::ledger;
use crate::order::Options;
use crate::session::moment;

/// The migrations of a program: those of a directory, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) dir: Option<&'a Path>,
    pub(super) layout: Layout,
    /// In which their history is kept.
    pub(super) table: Option<&'a str>,
    /// Of the lints that judge them.
    pub(super) levels: Levels,
}

/// A verb, and the database that it is about.
#[derive(Debug, clap::Args)]
pub(super) struct On<T: clap::Args, D: clap::Args = File> {
    #[command(flatten)]
    database: D,

    #[command(flatten)]
    table: Table,

    #[command(flatten)]
    pub(super) verb: T,

    #[command(flatten)]
    lints: Lints,
}

/// Which history of a database is meant.
#[derive(Debug, clap::Args)]
pub(super) struct Table {
    /// The table of the history that is meant, where the database has several [default: `_devilmcp_migrations`]
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
}

impl Table {
    pub(super) fn name(&self) -> Option<&str> {
        self.table.as_deref()
    }
}

impl<T: clap::Args, D: clap::Args + Named> On<T, D> {
    /// Does it with what the database keeps, and the migrations of a directory if one is named.
    pub(super) fn answer(
        &self,
        layout: Layout,
        dir: Option<&Path>,
        output: Output,
        answer: impl FnOnce(&T, Subject<'_>) -> Result<Exit, Failure>,
    ) -> Exit {
        let source = Source { dir, layout, table: self.table.name(), levels: self.lints.levels() };
        match self.database.found() {
            Ok(found) => self::answer(source, found.place(), output, |subject| answer(&self.verb, subject)),
            Err(failure) => failed(&failure, output),
        }
    }

    /// The same where there need be no database.
    pub(super) fn make(
        &self,
        layout: Layout,
        dir: Option<&Path>,
        output: Output,
        answer: impl FnOnce(&T, Subject<'_>) -> Result<Exit, Failure>,
    ) -> Exit {
        let source = Source { dir, layout, table: self.table.name(), levels: self.lints.levels() };
        match self.database.found() {
            Ok(found) => on(source, found.place(), output, |subject| answer(&self.verb, subject)),
            Err(failure) => failed(&failure, output),
        }
    }
}

/// Does something with a database that is there, and what is known of its migrations.
pub(super) fn answer(
    source: Source<'_>,
    place: Place<'_>,
    output: Output,
    answer: impl FnOnce(Subject<'_>) -> Result<Exit, Failure>,
) -> Exit {
    match found(source, place) {
        Ok(()) => on(source, place, output, answer),
        Err(failure) => failed(&failure, output),
    }
}

/// Whether a file is there; and where nobody has said which history is meant, and the database has others than the usual one: which it has.
fn found(source: Source<'_>, place: Place<'_>) -> Result<(), Failure> {
    if let Place::File(path) = place {
        there(path)?;
    }
    if source.dir.is_some() || source.table.is_some() {
        return Ok(());
    }
    let table = ledger::DEFAULT;
    let conn = match place {
        Place::File(path) => open(path, Access::Read)?,
        Place::Server(server) => place::look(server, &SOURCELESS)?,
    };
    let others = moment(&conn, |_| bookkeeping::elsewhere(&conn, table));
    // Of what cannot be read, whoever wants to read it says why.
    let Ok(others) = others.map(|others| others.join(", ")) else { return Ok(()) };
    if others.is_empty() {
        return Ok(());
    }
    let text = format!("the database has no history in {table}, but in {others}: say with --table which is meant");
    Err(Failure::Table(text))
}

/// The migrations of a program, and the history that is meant.
pub(super) fn held(source: Source<'_>, output: Output) -> Result<Embedded, Exit> {
    let table = source.table.unwrap_or(ledger::DEFAULT);
    if table != ledger::DEFAULT {
        check_name(table).map_err(|reason| failed(&Failure::Table(reason), output))?;
    }
    let held: Result<Embedded, Exit> =
        source.dir.map_or(Ok(SOURCELESS), |dir| program(source.layout, dir, source.levels, output));
    Ok(kept_in(table, held?))
}

/// Does something with a database and what is known of its migrations.
fn on(
    source: Source<'_>,
    place: Place<'_>,
    output: Output,
    answer: impl FnOnce(Subject<'_>) -> Result<Exit, Failure>,
) -> Exit {
    match held(source, output) {
        Ok(embedded) => {
            let subject = Subject { embedded: &embedded, options: &Options::default(), place, output };
            answer(subject).unwrap_or_else(|failure| failed(&failure, output))
        }
        Err(exit) => exit,
    }
}

pub(super) fn failed(failure: &Failure, output: Output) -> Exit {
    output.failure(failure);
    failure.exit()
}
