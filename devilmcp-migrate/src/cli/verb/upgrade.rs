//! `upgrade`: what is pending is applied.

use super::{Format, Keeping, Subject, plan, report};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::open::Access;
use crate::order::Options;
use crate::plan::Goal;
use crate::run::{planned, run};

/// Apply pending migrations, in one transaction unless they say otherwise
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Upgrade {
    /// The last migration to apply, by number or name [default: the newest]
    pub version: Option<String>,

    /// Only say what would be done; exit with 3 if there is something
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub keeping: Keeping,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl Upgrade {
    pub(in crate::cli) fn answer(&self, subject: Subject<'_>) -> Result<Exit, Failure> {
        let names = subject.names();
        let latest = subject.embedded.latest();
        let target = self.version.as_deref().map_or(Ok(latest), |version| names.find(version))?;
        let options = Options { backup: self.keeping.choice(subject.options), ..subject.options.clone() };
        let order = subject.order(Goal::Upgrade(target), &options);
        let mut conn = subject.open(if self.dry_run { Access::Read } else { Access::Create })?;
        if self.dry_run {
            return Ok(plan::show(&planned(&conn, order)?, target, &names, subject.output));
        }
        report::show(&run(&mut conn, order)?, &names, subject.output);
        Ok(Exit::Done)
    }
}
