//! `downgrade`: what was applied is undone.

use super::{Format, Keeping, Subject, plan, report};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::open::Access;
use crate::order::Options;
use crate::plan::Goal;
use crate::policy::Drift;

/// Undo migrations, newest first, in one transaction unless they say otherwise
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Downgrade {
    /// The migration to go back to, by number or name; `empty` for before the first
    pub version: String,

    /// Only say what would be done; exit with 3 if there is something
    #[arg(long)]
    pub dry_run: bool,

    /// Undo even a baseline that was adopted, and with it tables that were there before
    #[arg(long)]
    pub force: bool,

    /// What to do if the schema is not what the migrations make
    #[arg(long, value_name = "POLICY")]
    pub drift: Option<Drift>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub keeping: Keeping,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl Downgrade {
    pub(in crate::cli) fn answer(&self, subject: Subject<'_>) -> Result<Exit, Failure> {
        let names = subject.names_with(&subject.look()?)?;
        let target = names.find_or_empty(&self.version)?;
        let chosen = subject.options.clone();
        let options = Options {
            below_baseline: self.force,
            drift: self.drift.unwrap_or(chosen.drift),
            backup: self.keeping.choice(subject.options),
            ..chosen
        };
        let goal = Goal::Downgrade(target);
        if self.dry_run {
            return Ok(plan::show(&subject.planned(goal, &options)?, target, &names, subject.output));
        }
        report::show(&subject.run(Access::Read, goal, &options)?, &names, subject.output);
        Ok(Exit::Done)
    }
}
