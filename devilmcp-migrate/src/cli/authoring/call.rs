//! What can be asked of the program.

use std::path::PathBuf;

use devilmcp_migrate_core::generate::Target;
use devilmcp_migrate_core::layout::Layout;

use super::difference::Diff;
use super::import::Import;
use super::init::Init;
use super::layout;
use super::lints::Lints;
use super::named::{FileOrServer, OneOrAll};
use super::offline::Offline;
use super::on::On;
use super::past::Past;
use super::pull::Pull;
use super::renumber::Renumber;
use super::shell::Man;
use super::sight::Sight;
use super::squash::Squash;
use crate::cli::examples;
use crate::cli::verb::{Downgrade, Format, Resolve, Restore, Stamp, Status, Upgrade, Version};

/// Check and lock migrations for SQLite, and manage databases that they were applied to
#[derive(Debug, clap::Parser)]
#[command(name = "devilmcp-migrate", version)]
pub(super) struct Call {
    /// The directory of the migrations [default: migrations; for what is done to a database, but an upgrade, none]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,

    /// The tool that the directory was written for, as in `migrations!("migrations", layout = "sqlx")`
    #[arg(long, global = true, value_name = "TOOL", value_parser = layout::parser())]
    pub(super) layout: Option<Layout>,

    /// Answer in JSON
    #[arg(long, global = true)]
    pub(super) json: bool,

    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// Write the files that a crate begins with, and show the lines that are still to be written; overwrites nothing
    #[command(after_long_help = examples::INIT)]
    Init(Init),

    /// Try the migrations as the compiler does, and show what is wrong with them; or with --database, look whether that is in order
    #[command(after_long_help = examples::CHECK)]
    Check {
        /// Run what is locked, too, even if there is a checkpoint, and compare that with it
        #[arg(long, conflicts_with = "database")]
        full: bool,

        /// Look whether history, schema, foreign keys and file of this database are in order; exit with 3 if not
        #[arg(long, value_name = "FILE")]
        database: Option<PathBuf>,

        /// The table of the history that is meant, where the database has several [default: `_devilmcp_migrations`]
        #[arg(long, value_name = "NAME", requires = "database")]
        table: Option<String>,

        #[command(flatten)]
        lints: Lints,
    },

    /// Say what the lints find in the migrations; exit with 1 if one of them stops the build
    #[command(after_long_help = examples::LINT)]
    Lint {
        #[command(flatten)]
        lints: Lints,
    },

    /// Write into migrations.lock that the migrations are released: from then on they cannot change
    #[command(after_long_help = examples::LOCK)]
    Lock {
        /// Write nothing; exit with 3 if there is something to lock
        #[arg(long)]
        check: bool,

        /// The migrations have shipped already, perhaps with another tool: run them, but do not judge them
        #[arg(long)]
        shipped: bool,

        /// Write the database as they make it into migrations.checkpoint, too, so that a build need not run them; once it is
        /// there, it is kept up to date
        #[arg(long)]
        checkpoint: bool,

        #[command(flatten)]
        lints: Lints,
    },

    /// Write the migration that leads to what schema.sql declares, and its way back, once both have been tried
    #[command(after_long_help = examples::DIFF)]
    Diff(Diff),

    /// Write schema.sql as the migrations make it, or as a database is; one that declares something else stays
    #[command(after_long_help = examples::PULL)]
    Pull(Pull),

    /// Write an empty migration and its way back, numbered after the last
    #[command(after_long_help = examples::NEW)]
    New {
        /// What it does, in a few words: they become its name
        #[arg(short, long, value_name = "TEXT")]
        message: String,
    },

    /// Replace the released migrations up to one by a single file that makes the same; databases that are past them go on as before
    #[command(after_long_help = examples::SQUASH)]
    Squash(Squash),

    /// Give migrations of the same number, as two merged branches leave them, numbers of their own, with their ways back and examples
    #[command(after_long_help = examples::RENUMBER)]
    Renumber(Renumber),

    /// Alembic's word: `diff` with --autogenerate, `new` without
    #[command(hide = true, after_long_help = examples::REVISION)]
    Revision {
        /// Write what leads to schema.sql
        #[arg(long)]
        autogenerate: bool,

        /// What it does, in a few words: they become its name
        #[arg(short, long, value_name = "TEXT")]
        message: String,

        /// The oldest SQLite that is to run it, as of `diff`
        #[arg(long, value_name = "VERSION", value_parser = Target::parse, requires = "autogenerate")]
        target_sqlite: Option<Target>,
    },

    /// Write a directory of another tool's anew, in this tool's own layout, once it is proved to be the same; overwrites nothing
    #[command(after_long_help = examples::IMPORT)]
    Import(Import),

    /// Print the script by which a shell completes verbs and options
    #[command(after_long_help = examples::COMPLETIONS)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },

    /// Print the manual page of this program, or write one for it and each verb into a folder
    #[command(after_long_help = examples::MAN)]
    Man(Man),

    /// Tell what is behind the code of a problem, such as M202, with an example; without one, list them all
    #[command(after_long_help = examples::EXPLAIN)]
    Explain {
        /// The code, as it stands behind a problem
        code: Option<String>,
    },

    /// Show the schema that the migrations make, or schema.sql declares, or a database has, as SQL, JSON or a diagram
    #[command(after_long_help = examples::SCHEMA)]
    Schema(Sight),

    /// Print the version that a database is at
    #[command(after_long_help = examples::VERSION)]
    Version(On<Version, FileOrServer>),
    /// Show what was applied to a database; with --dir, also what is pending, and exit with 3 if anything is or has drifted
    #[command(after_long_help = examples::STATUS)]
    Status(On<Status, FileOrServer>),
    /// Show every migration that was applied to a database, when, by what, and whether it keeps a way back; or those of a directory
    #[command(after_long_help = examples::HISTORY)]
    History(Past),
    /// Apply the pending migrations of a directory, once they have been tried as the compiler does
    #[command(after_long_help = examples::UPGRADE)]
    Upgrade(On<Upgrade, OneOrAll>),
    /// Undo migrations, newest first, by the ways back that the database keeps, or by those of --dir
    #[command(after_long_help = examples::DOWNGRADE)]
    Downgrade(On<Downgrade, FileOrServer>),
    /// Say what became of a migration that was interrupted outside of a transaction; runs nothing
    #[command(after_long_help = examples::RESOLVE)]
    Resolve(On<Resolve>),
    /// Make a database what a backup is; what it is now is kept beside it
    #[command(after_long_help = examples::RESTORE)]
    Restore(On<Restore>),
    /// Record that a database is at a migration of a directory, and run nothing; refused if its schema is another one
    #[command(after_long_help = examples::stamp())]
    Stamp(On<Stamp>),
    /// Print the SQL that an upgrade or a downgrade would run, and run nothing
    #[command(after_long_help = examples::sql())]
    Sql(Offline),
}

impl Verb {
    /// Whether it reads directories that were written for other tools. None writes any.
    pub(super) fn takes_layouts(&self) -> bool {
        !matches!(
            self,
            Self::Init(_)
                | Self::Diff(_)
                | Self::Pull(_)
                | Self::New { .. }
                | Self::Squash(_)
                | Self::Renumber(_)
                | Self::Revision { .. }
                | Self::Import(_)
                | Self::Explain { .. }
                | Self::Schema(_)
                | Self::Completions { .. }
                | Self::Man(_)
        )
    }

    pub(super) fn format(&self) -> Format {
        match self {
            Self::Init(_)
            | Self::Check { .. }
            | Self::Lint { .. }
            | Self::Lock { .. }
            | Self::Diff(_)
            | Self::Pull(_)
            | Self::New { .. }
            | Self::Squash(_)
            | Self::Renumber(_)
            | Self::Revision { .. }
            | Self::Import(_)
            | Self::Completions { .. }
            | Self::Man(_)
            | Self::Explain { .. } => Format::default(),
            Self::Schema(sight) => sight.schema.format,
            Self::Version(on) => on.verb.format,
            Self::Status(on) => on.verb.format,
            Self::History(past) => past.history.format,
            Self::Upgrade(on) => on.verb.format,
            Self::Downgrade(on) => on.verb.format,
            Self::Resolve(on) => on.verb.format,
            Self::Restore(on) => on.verb.format,
            Self::Stamp(on) => on.verb.format,
            Self::Sql(offline) => offline.sql.format,
        }
    }
}
