//! `upgrade`: what is pending is applied.

use super::{Fleet, Format, Keeping, Subject, plan, report};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::open::Access;
use crate::order::Options;
use crate::plan::Goal;
use crate::policy::{Drift, Newer};

/// Apply pending migrations, in one transaction unless they say otherwise
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Upgrade {
    /// The last migration to apply, by number or name [default: the newest]
    pub version: Option<String>,

    /// Only say what would be done; exit with 3 if there is something
    #[arg(long)]
    pub dry_run: bool,

    /// What to do if a newer program has migrated the database
    #[arg(long, value_name = "POLICY")]
    pub newer: Option<Newer>,

    /// What to do if the schema is not what the migrations make
    #[arg(long, value_name = "POLICY")]
    pub drift: Option<Drift>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub keeping: Keeping,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub fleet: Fleet,
}

impl Upgrade {
    pub(in crate::cli) fn answer(&self, subject: Subject<'_>) -> Result<Exit, Failure> {
        let names = subject.names();
        let latest = subject.embedded.latest();
        let target = self.version.as_deref().map_or(Ok(latest), |version| names.find(version))?;
        let chosen = subject.options.clone();
        let options = Options {
            newer: self.newer.unwrap_or(chosen.newer),
            drift: self.drift.unwrap_or(chosen.drift),
            backup: self.keeping.choice(subject.options),
            ..chosen
        };
        let goal = Goal::Upgrade(target);
        if let Some(answer) = self.fleet.answer(subject, goal, &options) {
            return answer;
        }
        if self.dry_run {
            return Ok(plan::show(&subject.planned(goal, &options)?, target, &names, subject.output));
        }
        report::show_upgrade(&subject.run(Access::Create, goal, &options)?, &names, subject.output);
        Ok(Exit::Done)
    }
}
