//! `history`: of a database, or of the migrations of a directory.

use std::path::{Path, PathBuf};

use devilmcp_migrate_core::layout::Layout;

use super::layout;
use super::lints::Lints;
use super::named::Address;
use super::on::{self, Source, Table};
use super::sight::held;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::place::Place;
use crate::cli::verb::History;

/// What is asked of it.
#[derive(Debug, clap::Args)]
pub(super) struct Past {
    /// The database; without it, the migrations of the directory are shown
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    database: Option<PathBuf>,

    #[command(flatten)]
    address: Address,

    #[command(flatten)]
    pub(super) history: History,

    #[command(flatten)]
    table: Table,

    #[command(flatten)]
    lints: Lints,
}

impl Past {
    /// `named` is the directory, if one was named.
    pub(super) fn answer(&self, layout: Layout, named: Option<&Path>, dir: &Path, output: Output) -> Exit {
        let levels = self.lints.levels();
        let server = match self.address.server() {
            Ok(server) => server,
            Err(failure) => return on::failed(&failure, output),
        };
        let file = self.database.as_deref().map(Place::File);
        if let Some(place) = server.as_ref().map(Place::Server).or(file) {
            let source = Source { dir: named, layout, table: self.table.name(), levels };
            return on::answer(source, place, output, |subject| self.history.answer(subject));
        }
        if layout != Layout::Own {
            output.error(&layout::refused(layout));
            return Exit::Usage;
        }
        match held(dir, levels, output) {
            Ok(embedded) => {
                self.history.of_migrations(&embedded, output).unwrap_or_else(|failure| on::failed(&failure, output))
            }
            Err(exit) => exit,
        }
    }
}
