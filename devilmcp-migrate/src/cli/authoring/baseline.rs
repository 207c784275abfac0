//! A database that was there before the migrations -> the first of them.

use std::path::Path;

use devilmcp_migrate_core::declare::{baseline, declaration, without_accounts};
use devilmcp_migrate_core::diff::{Difference, differences};
use devilmcp_migrate_core::generate::{Objects, Wishes, generate};
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::prove::head;
use devilmcp_migrate_core::run::message;
use devilmcp_migrate_core::schema::Key;

use super::draft::Draft;
use crate::adopt;
use crate::cli::failure::Failure;
use crate::cli::open::{Access, open, there};
use crate::cli::output::Output;
use crate::error::Error;
use crate::ledger;
use crate::session::moment;

/// What is in it.
#[derive(Debug)]
pub(super) struct Baseline {
    objects: Objects,
    /// What Alembic calls its state.
    revisions: Vec<String>,
    /// What other tools keep in it.
    pub(super) left_out: Vec<Key>,
}

/// Why there is none.
#[derive(Debug)]
pub(super) enum Refusal {
    Failed(Failure),
    Unusable(Vec<Problem>),
    Unwritten(String),
}

impl Baseline {
    /// Reads a database.
    pub(super) fn of(database: &Path) -> Result<Self, Refusal> {
        there(database)?;
        let conn = open(database, Access::Read)?;
        let (history, found, revisions) = moment(&conn, |_| {
            let history = ledger::read(&conn, ledger::DEFAULT)?.unwrap_or_default();
            let found = Objects::read(&conn).map_err(Error::sqlite("read the schema"))?;
            let revisions = adopt::revisions(&conn)?;
            Ok((history, found, revisions))
        })
        .map_err(Failure::from)?;
        if let Some(last) = history.last() {
            let reason =
                format!("the database has a history of migrations, up to {}: begin with their files", last.label());
            return Err(Refusal::Unwritten(reason));
        }
        let (found, left_out) = without_accounts(found);
        let objects = found.without_hints();
        if objects.iter().next().is_none() {
            let reason = "the database has nothing in it that a migration could make: begin without it";
            return Err(Refusal::Unwritten(reason.to_owned()));
        }
        Ok(Self { objects, revisions, left_out })
    }

    /// The migration with its way back, and the declared schema: names and texts, once they have been tried.
    pub(super) fn files(&self, dir: &Path, output: Output) -> Result<Vec<(String, String)>, Refusal> {
        let generated = generate(&Objects::default(), &self.objects, &Wishes::default());
        let generated = generated.map_err(|refusal| Refusal::Unwritten(refusal.to_string()))?;
        let down = generated.map(|generated| generated.down).unwrap_or_default();
        let draft = Draft::after(None, "baseline".to_owned(), self.up()?, down).map_err(|error| no_sqlite(&error))?;
        let tried = draft.tried(dir, Levels::default(), output);
        // The file is not there, so nothing can be corrected or allowed in it.
        let help = "the database has it so: correct or drop it there, in a copy if need be, and begin with that";
        let errors = tried.problems.into_iter().filter(Problem::is_error).map(|problem| problem.helped(help));
        let errors: Vec<Problem> = errors.collect();
        if !errors.is_empty() {
            return Err(Refusal::Unusable(errors));
        }
        let made =
            tried.sequence.as_ref().map(head).transpose().map_err(|error| no_sqlite(&error))?.unwrap_or_default();
        let differences = differences(self.objects.schema(), made.schema());
        if !differences.is_empty() {
            let differences: Vec<String> = differences.iter().map(Difference::to_string).collect();
            return Err(Refusal::Unwritten(format!(
                "the baseline would make something else, which is a defect to report: {}",
                differences.join("; ")
            )));
        }
        let mut files: Vec<(String, String)> =
            draft.files().into_iter().map(|(name, text)| (name.to_string(), text.to_owned())).collect();
        files.push((listing::SCHEMA.to_owned(), declaration(&self.objects)));
        Ok(files)
    }

    fn up(&self) -> Result<String, Refusal> {
        let mut lines = vec!["-- migrate: baseline".to_owned()];
        for revision in &self.revisions {
            if revision.is_empty() || !revision.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"') {
                return Err(Refusal::Unwritten(format!(
                    "the database is at {revision:?} of Alembic, which is no revision"
                )));
            }
            lines.push(format!("-- migrate: revision(alembic, \"{revision}\")"));
        }
        lines.push(
            "-- What was there before the first migration. A database that has it, or a part of it, is taken over."
                .to_owned(),
        );
        Ok(format!("{}\n\n{}", lines.join("\n"), baseline(&self.objects)))
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

fn no_sqlite(error: &rusqlite::Error) -> Refusal {
    Refusal::Unwritten(format!("SQLite cannot be used to try the baseline: {}", message(error)))
}
