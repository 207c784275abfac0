//! The command line: `db version`, `db upgrade`, `db downgrade`, `db status`, `db resolve`, for any program to embed.
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! use clap::Parser;
//!
//! mod schema {
//!     devilmcp_migrate::migrations!("examples/notes/migrations");
//! }
//!
//! #[derive(Parser)]
//! enum Command {
//!     /// Manage the database's schema
//!     #[command(subcommand)]
//!     Db(devilmcp_migrate::cli::Db),
//! }
//!
//! fn main() -> ExitCode {
//!     match Command::parse() {
//!         Command::Db(db) => db.run(&schema::MIGRATIONS, "notes.db".as_ref()),
//!     }
//! }
//! ```

mod authoring;
mod document;
mod exit;
mod open;
mod output;
mod printable;
mod table;

use std::path::Path;

use rusqlite::Connection;

use crate::claim::Resolution;
use crate::cli::open::Access;
use crate::cli::output::{Outline, Output};
use crate::error::Error;
use crate::migrations::Migrations;
use crate::plan::{Action, Plan};
use crate::target::Target;
use crate::versioned::{UnknownVersion, Versioned};

#[doc(hidden)]
pub use authoring::author;
pub use exit::Exit;

/// The verbs, as a subcommand for [`clap`].
#[derive(Debug, Clone, clap::Subcommand)]
#[non_exhaustive]
pub enum Db {
    /// Print the version that the database is at
    Version {
        #[command(flatten)]
        #[expect(missing_docs, reason = "clap takes documentation for help")]
        format: Format,
    },

    /// Apply pending migrations, in one transaction unless they say otherwise
    Upgrade {
        /// The last migration to apply, by number or name [default: the newest]
        version: Option<String>,

        /// Only say what would be done; exit with 3 if there is something
        #[arg(long)]
        dry_run: bool,

        #[command(flatten)]
        #[expect(missing_docs, reason = "clap takes documentation for help")]
        format: Format,
    },

    /// Undo migrations, newest first, in one transaction unless they say otherwise
    Downgrade {
        /// The migration to go back to, by number or name; `empty` for before the first
        version: String,

        /// Only say what would be done; exit with 3 if there is something
        #[arg(long)]
        dry_run: bool,

        /// Undo even a baseline that was adopted, and with it tables that were there before
        #[arg(long)]
        force: bool,

        #[command(flatten)]
        #[expect(missing_docs, reason = "clap takes documentation for help")]
        format: Format,
    },

    /// Say what became of a migration that was interrupted outside of a transaction; runs nothing
    Resolve {
        /// The database has all that it does: it counts as applied
        #[arg(long, required_unless_present = "not_applied", conflicts_with = "not_applied")]
        applied: bool,

        /// It is not applied, or may be run again: it counts as pending
        #[arg(long)]
        not_applied: bool,

        #[command(flatten)]
        #[expect(missing_docs, reason = "clap takes documentation for help")]
        format: Format,
    },

    /// Show what was applied and what is pending; exit with 3 if anything is pending or has drifted
    Status {
        #[command(flatten)]
        #[expect(missing_docs, reason = "clap takes documentation for help")]
        format: Format,
    },
}

/// How to answer.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Format {
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

impl Db {
    /// Does what was asked with the database in this file, and prints the answer; errors go to standard error.
    pub fn run<V: Versioned>(self, migrations: &Migrations<V>, database: &Path) -> std::process::ExitCode {
        let output = Output::standard(self.format().json);
        let exit = self.answer(migrations, database, output).unwrap_or_else(|failure| {
            output.failure(&failure);
            failure.exit()
        });
        exit.into()
    }

    fn format(&self) -> Format {
        match self {
            Self::Version { format }
            | Self::Upgrade { format, .. }
            | Self::Downgrade { format, .. }
            | Self::Resolve { format, .. }
            | Self::Status { format } => *format,
        }
    }

    fn answer<V: Versioned>(
        self,
        migrations: &Migrations<V>,
        database: &Path,
        output: Output,
    ) -> Result<Exit, Failure> {
        match self {
            Self::Version { format: _ } => {
                let status = migrations.status(&open::open(database, Access::Read)?)?;
                output.version(&status);
                Ok(Exit::Done)
            }
            Self::Status { format: _ } => {
                let status = migrations.status(&open::open(database, Access::Read)?)?;
                output.status(&status);
                Ok(if status.is_latest() && status.drift().is_empty() { Exit::Done } else { Exit::Pending })
            }
            Self::Resolve { applied, not_applied: _, format: _ } => {
                let found = if applied { Resolution::Applied } else { Resolution::NotApplied };
                let mut conn = open::open(database, Access::Read)?;
                output.resolved::<V>(&migrations.migrator().resolve(&mut conn, found)?);
                Ok(Exit::Done)
            }
            Self::Upgrade { version, dry_run, format: _ } => {
                let target = version.map_or(Ok(Target::Latest), |version| V::parse(&version).map(Target::Version))?;
                let migrator = migrations.migrator();
                let access = if dry_run { Access::Read } else { Access::Create };
                let mut conn = open::open(database, access)?;
                if dry_run {
                    return Ok(planned(&migrator.plan_upgrade(&conn, target)?, target, output));
                }
                output.report::<V>(&migrator.upgrade_to(&mut conn, target)?);
                Ok(Exit::Done)
            }
            Self::Downgrade { version, dry_run, force, format: _ } => {
                let target = if version == "empty" { Target::Empty } else { Target::Version(V::parse(&version)?) };
                let migrator = migrations.migrator();
                let migrator = if force { migrator.allow_below_baseline() } else { migrator };
                let mut conn: Connection = open::open(database, Access::Read)?;
                if dry_run {
                    return Ok(planned(&migrator.plan_downgrade(&conn, target)?, target, output));
                }
                output.report::<V>(&migrator.downgrade_to(&mut conn, target)?);
                Ok(Exit::Done)
            }
        }
    }
}

fn planned<V: Versioned>(plan: &Plan, target: Target<V>, output: Output) -> Exit {
    output.plan::<V>(plan, target.number(V::ALL.last().map_or(0, |newest| newest.number())));
    if plan.steps().is_empty() { Exit::Done } else { Exit::Pending }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Migration(#[from] Error),
    #[error(transparent)]
    Version(#[from] UnknownVersion),
    #[error("{0}")]
    Path(String),
    #[error("cannot open {path}")]
    Open { path: String, source: rusqlite::Error },
}

impl Failure {
    fn exit(&self) -> Exit {
        match self {
            Self::Version(_) => Exit::Usage,
            Self::Migration(_) | Self::Path(_) | Self::Open { .. } => Exit::Failed,
        }
    }

    /// A word for programs: the error's kind.
    fn kind(&self) -> String {
        match self {
            Self::Migration(error) => format!("{:?}", error.kind()),
            Self::Version(_) => "UnknownVersion".to_owned(),
            Self::Path(_) | Self::Open { .. } => "CannotOpen".to_owned(),
        }
    }

    fn outline(&self) -> Outline {
        match self {
            Self::Migration(error) => Outline::of(error),
            Self::Version(_) | Self::Path(_) | Self::Open { .. } => Outline::plain(self),
        }
    }
}

/// What became of a migration, in one word.
fn verb(action: Action) -> &'static str {
    match action {
        Action::Apply => "applied",
        Action::Adopt => "adopted",
        Action::Revert => "reverted",
    }
}
