//! `schema`: of a directory, of what is declared in it, or of a database.

use std::path::{Path, PathBuf};

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::problem::{Problem, Problems};
use devilmcp_migrate_core::prove::declared;
use devilmcp_migrate_core::source;
use serde_json::json;

use super::lints::Lints;
use super::on::{self, Source, failed};
use super::program::{SOURCELESS, embedded};
use super::pull::undeclared;
use super::shown;
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::place::Place;
use crate::cli::verb::{Schema, Shown};
use crate::embedded::Embedded;
use crate::ledger;

/// What is asked of it.
#[derive(Debug, clap::Args)]
pub(super) struct Sight {
    #[command(flatten)]
    pub(super) schema: Schema,

    /// Of this database, as it is
    #[arg(long, value_name = "FILE", conflicts_with_all = ["at", "changed_by", "declared"])]
    database: Option<PathBuf>,

    /// Of what schema.sql declares
    #[arg(long, conflicts_with_all = ["at", "changed_by"])]
    declared: bool,

    #[command(flatten)]
    lints: Lints,
}

impl Sight {
    pub(super) fn answer(&self, dir: &Path, output: Output) -> Exit {
        let levels = self.lints.levels();
        match &self.database {
            Some(database) => {
                let source = Source { dir: None, layout: Layout::Own, table: Some(ledger::DEFAULT), levels };
                on::answer(source, Place::File(database), output, |subject| self.schema.answer(subject))
            }
            None if self.declared => self.declared(dir, output),
            None => self.migrations(dir, levels, output),
        }
    }

    fn migrations(&self, dir: &Path, levels: Levels, output: Output) -> Exit {
        match held(dir, levels, output) {
            Ok(embedded) => {
                self.schema.of_migrations(&embedded, output).unwrap_or_else(|failure| failed(&failure, output))
            }
            Err(exit) => exit,
        }
    }

    fn declared(&self, dir: &Path, output: Output) -> Exit {
        let mut problems = Problems::new();
        let file = source::read_beside(dir, &shown(dir), listing::SCHEMA, &mut problems);
        let path = format!("{}/{}", shown(dir), listing::SCHEMA);
        let found = file.map(|file| declared(&file, &mut problems)).transpose();
        let problems = problems.finish();
        let refusal = match found {
            Ok(Some(Some(objects))) if problems.is_empty() => {
                self.schema.show(&Shown { title: path, before: None, objects, steps: Vec::new() }, output);
                return Exit::Done;
            }
            Err(error) => format!("SQLite cannot be used to read {path}: {error}"),
            Ok(None) if problems.is_empty() => format!("there is no {path}"),
            Ok(_) => format!("{path} does not work"),
        };
        refused(&problems, &refusal, output)
    }
}

/// The migrations of a directory, whatever is declared there; why there are none is said.
pub(super) fn held(dir: &Path, levels: Levels, output: Output) -> Result<Embedded, Exit> {
    const BROKEN: &str = "the migrations do not work, so nobody knows what they make";
    let sequence = undeclared(dir, levels, output).map_err(|problems| refused(&problems, BROKEN, output))?;
    // What it comes to in the end is asked by nobody here.
    let held = sequence.map_or(Some(SOURCELESS), |sequence| embedded(&sequence, Digest::EMPTY, None));
    held.ok_or_else(|| refused(&[], "the migrations are more than a program can hold", output))
}

fn refused(problems: &[Problem], error: &str, output: Output) -> Exit {
    if output.is_json() {
        output.document(&json!({ "problems": document::problems(problems), "error": error }));
    }
    output.problems(problems);
    output.error(error);
    Exit::Failed
}
