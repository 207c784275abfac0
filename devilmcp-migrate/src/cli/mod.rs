//! The command line, for any program to embed: `db version`, `db upgrade`, `db downgrade`, `db status`, `db resolve`, `db restore`, `db stamp`, `db sql`,
//! `db history`, `db check`, `db schema`.
//!
//! # What `db schema --json` answers
//!
//! An object with `title` (what it is of), `tables` and `views`, both in the order of their names. What is there now stays; more may be added.
//!
//! | of | is | what |
//! |---|---|---|
//! | table | `name`, `kind`, `module` | `kind` is `table`, `virtual` (then `module` is its module) or `missing` (a foreign key names it) |
//! | | `columns` | in order |
//! | | `primary_key`, `autoincrement`, `unique` | names of columns; `unique` is a list of keys, by constraints and by indexes over all rows |
//! | | `foreign_keys` | `columns`, `parent`, `parent_columns`, `actions` (`ON DELETE CASCADE`), `deferred`; `optional` if it may be NULL, `unique` if no two rows refer to the same |
//! | | `checks`, `strict`, `without_rowid`, `triggers`, `sql` | conditions; options; names; its text, null if it is missing |
//! | | `indexes` | `name`, `definition` |
//! | column | `name`, `type`, `default`, `collation`, `generated` | as declared; SQL; null if there is none |
//! | | `not_null`, `primary_key`, `unique`, `foreign_key` | whether it can be NULL; whether it belongs to such a key, of `unique` to one of it alone |
//! | view | `name`, `reads`, `sql` | `reads` are the tables and views that its text names |
//! | each, and each foreign key | `change` | with `--changed-by`: `added`, `removed`, `changed`, or null; of a column also `was` |
//!
//! # Example
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
mod bar;
mod document;
mod entities;
mod evolution;
mod examples;
mod exit;
mod failure;
mod health;
mod names;
mod open;
mod outline;
mod output;
mod patience;
mod place;
mod progress;
mod table;
mod verb;

use std::path::Path;

use crate::cli::examples::embedded;
use crate::cli::output::Output;
use crate::cli::place::Place;
use crate::cli::verb::Subject;
use crate::migrations::Migrations;
use crate::migrator::Migrator;
use crate::versioned::Versioned;

#[doc(hidden)]
pub use authoring::author;
pub use exit::Exit;
pub use verb::{
    Check, Downgrade, Fleet, Format, History, Keeping, Notation, Resolve, Restore, Schema, Sql, Stamp, Status, Upgrade,
    Version,
};

/// The verbs, as a subcommand for [`clap`].
#[derive(Debug, Clone, clap::Subcommand)]
#[non_exhaustive]
pub enum Db {
    /// Print the version that the database is at
    #[command(after_long_help = embedded::VERSION)]
    Version(Version),
    /// Apply pending migrations, in one transaction unless they say otherwise
    #[command(after_long_help = embedded::UPGRADE)]
    Upgrade(Upgrade),
    /// Undo migrations, newest first, in one transaction unless they say otherwise
    #[command(after_long_help = embedded::DOWNGRADE)]
    Downgrade(Downgrade),
    /// Say what became of a migration that was interrupted outside of a transaction; runs nothing
    #[command(after_long_help = embedded::RESOLVE)]
    Resolve(Resolve),
    /// Make the database what a backup is; what it is now is kept beside it
    #[command(after_long_help = embedded::RESTORE)]
    Restore(Restore),
    /// Show what was applied and what is pending; exit with 3 if anything is pending or has drifted
    #[command(after_long_help = embedded::STATUS)]
    Status(Status),
    /// Show every migration that was applied, when, by what, and whether the database keeps a way back
    #[command(after_long_help = embedded::HISTORY)]
    History(History),
    /// Look whether history, schema, foreign keys and the file itself are in order; exit with 3 if not
    #[command(after_long_help = embedded::CHECK)]
    Check(Check),
    /// Record that the database is at a migration, and run nothing; refused if its schema is another one
    #[command(after_long_help = embedded::stamp())]
    Stamp(Stamp),
    /// Print the SQL that an upgrade or a downgrade would run, and run nothing
    #[command(after_long_help = embedded::sql())]
    Sql(Sql),
    /// Show the schema of the database, or of a version of the migrations, as SQL, JSON or a diagram
    #[command(after_long_help = embedded::SCHEMA)]
    Schema(Schema),
}

impl Db {
    /// Does what was asked with the database in this file, and prints the answer; errors go to standard error.
    ///
    /// A program that has chosen more than that, such as [hooks](crate::Migrator::after), says so to
    /// [`run_with`](Self::run_with): otherwise an upgrade from the command line does not do what the program does.
    pub fn run<V: Versioned>(self, migrations: &Migrations<V>, database: &Path) -> std::process::ExitCode {
        self.run_with(&migrations.migrator(), database)
    }

    /// As [`run`](Self::run), as the migrator has been told.
    pub fn run_with<V: Versioned>(self, migrator: &Migrator<'_, V>, database: &Path) -> std::process::ExitCode {
        self.of(migrator, Place::File(database))
    }

    /// As [`run_with`](Self::run_with), with a database on a libSQL server. What is done to files only is refused, with its reason.
    #[cfg(feature = "libsql")]
    pub fn run_on<V: Versioned>(
        self,
        migrator: &Migrator<'_, V>,
        server: &crate::libsql::Server,
    ) -> std::process::ExitCode {
        self.of(migrator, Place::Server(server))
    }

    fn of<V: Versioned>(self, migrator: &Migrator<'_, V>, place: Place<'_>) -> std::process::ExitCode {
        let output = Output::standard(self.format().json);
        let subject = Subject { embedded: migrator.embedded(), options: &migrator.options, place, output };
        let answer = match self {
            Self::Version(_) => Version::answer(subject),
            Self::Upgrade(upgrade) => upgrade.answer(subject),
            Self::Downgrade(downgrade) => downgrade.answer(subject),
            Self::Resolve(resolve) => resolve.answer(subject),
            Self::Restore(restore) => restore.answer(subject),
            Self::Status(_) => Status::answer(subject),
            Self::History(history) => history.answer(subject),
            Self::Check(_) => Check::answer(subject),
            Self::Stamp(stamp) => stamp.answer(subject),
            Self::Sql(sql) => sql.answer(subject),
            Self::Schema(schema) => schema.answer(subject),
        };
        let exit = answer.unwrap_or_else(|failure| {
            output.failure(&failure);
            failure.exit()
        });
        exit.into()
    }

    fn format(&self) -> Format {
        match self {
            Self::Version(version) => version.format,
            Self::Upgrade(upgrade) => upgrade.format,
            Self::Downgrade(downgrade) => downgrade.format,
            Self::Resolve(resolve) => resolve.format,
            Self::Restore(restore) => restore.format,
            Self::Status(status) => status.format,
            Self::History(history) => history.format,
            Self::Check(check) => check.format,
            Self::Stamp(stamp) => stamp.format,
            Self::Sql(sql) => sql.format,
            Self::Schema(schema) => schema.format,
        }
    }
}
