//! `sql`: of a directory, from one of its migrations to another, or from where a database is.

use std::path::{Path, PathBuf};

use devilmcp_migrate_core::layout::Layout;

use super::lints::Lints;
use super::on::{self, Source, Table, failed, held};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::place::Place;
use crate::cli::verb::{Sql, Subject};
use crate::order::Options;

/// What is asked of it.
#[derive(Debug, clap::Args)]
pub(super) struct Offline {
    #[command(flatten)]
    pub(super) sql: Sql,

    /// Begin where this database is, which is only read [default: before the first migration]
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    database: Option<PathBuf>,

    #[command(flatten)]
    table: Table,

    #[command(flatten)]
    lints: Lints,
}

impl Offline {
    pub(super) fn answer(self, layout: Layout, dir: &Path, output: Output) -> Exit {
        let Self { mut sql, database, table, lints } = self;
        let source = Source { dir: Some(dir), layout, table: table.name(), levels: lints.levels() };
        if let Some(database) = database {
            return on::answer(source, Place::File(&database), output, |subject| sql.answer(subject));
        }
        match held(source, output) {
            Ok(embedded) => {
                sql.from.get_or_insert_with(|| "empty".to_owned());
                let (options, place) = (Options::default(), Place::File(Path::new("")));
                let subject = Subject { embedded: &embedded, options: &options, place, output };
                sql.answer(subject).unwrap_or_else(|failure| failed(&failure, output))
            }
            Err(exit) => exit,
        }
    }
}
