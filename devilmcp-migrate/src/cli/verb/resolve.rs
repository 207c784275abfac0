//! `resolve`: what was interrupted outside of a transaction is ended.

use super::{Format, Subject, report};
use crate::alone;
use crate::claim::Resolution;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::open::Access;

/// Say what became of a migration that was interrupted outside of a transaction; runs nothing
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
#[group(skip)]
#[command(group = clap::ArgGroup::new("what").args(["applied", "not_applied"]).required(true))]
pub struct Resolve {
    /// The database has all that it does: it counts as applied
    #[arg(long)]
    pub applied: bool,

    /// It is not applied, or may be run again: it counts as pending
    #[arg(long)]
    pub not_applied: bool,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl Resolve {
    pub(in crate::cli) fn answer(&self, subject: Subject<'_>) -> Result<Exit, Failure> {
        let found = if self.applied { Resolution::Applied } else { Resolution::NotApplied };
        let mut conn = subject.open(Access::Read)?;
        let resolved = alone::resolve(&mut conn, subject.embedded, found)?;
        report::show_resolved(&resolved, &subject.names_with(&conn)?, subject.output);
        Ok(Exit::Done)
    }
}
