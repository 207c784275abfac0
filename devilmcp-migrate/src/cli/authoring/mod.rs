//! The program `devilmcp-migrate`, which works on a directory of migrations, or on a database with or without one.

mod baseline;
mod difference;
mod directory;
mod draft;
mod explain;
mod frozen;
mod import;
mod init;
mod layout;
mod lint;
mod lints;
mod lock;
mod new;
mod offline;
mod on;
mod outcome;
mod package;
mod past;
mod program;
mod pull;
mod questions;
mod renumber;
mod rewritten;
mod shell;
mod sight;
mod squash;
mod whole;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;
use devilmcp_migrate_core::check::{Checked, Judged, Revision, Trust, check_layout, check_with};
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::rule;

use self::lints::Lints;
use super::examples;
use super::exit::Exit;
use super::output::Output;
use super::patience::while_shown;
use super::verb::{Check, Downgrade, Format, Resolve, Restore, Stamp, Status, Upgrade, Version};
use difference::Diff;
use import::Import;
use init::Init;
use offline::Offline;
use on::{On, OneOrAll};
use past::Past;
use pull::Pull;
use renumber::Renumber;
use shell::Man;
use sight::Sight;
use squash::Squash;

/// Check and lock migrations for SQLite, and manage databases that they were applied to
#[derive(Debug, clap::Parser)]
#[command(name = "devilmcp-migrate", version)]
struct Call {
    /// The directory of the migrations [default: migrations; for what is done to a database, but an upgrade, none]
    #[arg(long, global = true, value_name = "DIR")]
    dir: Option<PathBuf>,

    /// The tool that the directory was written for, as in `migrations!("migrations", layout = "sqlx")`
    #[arg(long, global = true, value_name = "TOOL", value_parser = layout::parser())]
    layout: Option<Layout>,

    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
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
    Squash(Squash),

    /// Give migrations of the same number, as two merged branches leave them, numbers of their own, with their ways back and examples
    Renumber(Renumber),

    /// Alembic's word: `diff` with --autogenerate, `new` without
    #[command(hide = true)]
    Revision {
        /// Write what leads to schema.sql
        #[arg(long)]
        autogenerate: bool,

        /// What it does, in a few words: they become its name
        #[arg(short, long, value_name = "TEXT")]
        message: String,
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
    Version(On<Version>),
    /// Show what was applied to a database; with --dir, also what is pending, and exit with 3 if anything is or has drifted
    #[command(after_long_help = examples::STATUS)]
    Status(On<Status>),
    /// Show every migration that was applied to a database, when, by what, and whether it keeps a way back; or those of a directory
    #[command(after_long_help = examples::HISTORY)]
    History(Past),
    /// Apply the pending migrations of a directory, once they have been tried as the compiler does
    #[command(after_long_help = examples::UPGRADE)]
    Upgrade(On<Upgrade, OneOrAll>),
    /// Undo migrations, newest first, by the ways back that the database keeps, or by those of --dir
    #[command(after_long_help = examples::DOWNGRADE)]
    Downgrade(On<Downgrade>),
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
    fn takes_layouts(&self) -> bool {
        !matches!(
            self,
            Self::Init(_)
                | Self::Diff(_)
                | Self::Pull(_)
                | Self::New { .. }
                | Self::Revision { .. }
                | Self::Import(_)
                | Self::Explain { .. }
                | Self::Schema(_)
                | Self::Completions { .. }
                | Self::Man(_)
        )
    }

    fn format(&self) -> Format {
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

/// Does what the arguments of the program say.
pub fn author() -> ExitCode {
    let Call { dir, layout, json, verb } = Call::parse();
    let output = Output::standard(json || verb.format().json);
    let named = dir.as_deref();
    if let Some(layout) = layout.filter(|_| !verb.takes_layouts()) {
        output.error(&layout::refused(layout));
        return Exit::Usage.into();
    }
    let layout = layout.unwrap_or_default();
    let dir = named.unwrap_or(Path::new("migrations"));
    let exit = match verb {
        Verb::Init(init) => init.answer(dir, output),
        Verb::Check { full: _, database: Some(database), lints } => {
            let source = on::Source { dir: named, layout, levels: lints.levels() };
            on::answer(source, &database, output, Check::answer)
        }
        Verb::Check { full, database: None, lints } => {
            let trust = if full { Trust::Proved } else { Trust::Taken };
            directory::check(layout, dir, trust, lints.levels(), output)
        }
        Verb::Lint { lints } => lint::lint(layout, dir, lints.levels(), output),
        Verb::Lock { check, shipped, checkpoint, lints } => {
            let goal = if check { lock::Goal::Tell } else { lock::Goal::Write };
            let judged = if shipped { Judged::Nothing } else { Judged::Unlocked };
            lock::lock(dir, lock::Task { layout, goal, judged, checkpoint, levels: lints.levels() }, output)
        }
        Verb::Diff(diff) => diff.answer(dir, output),
        Verb::Pull(pull) => pull.answer(dir, output),
        Verb::Squash(squash) => squash.answer(dir, output),
        Verb::Renumber(renumber) => renumber.answer(dir, output),
        Verb::Revision { autogenerate: true, message } => Diff::named(message).answer(dir, output),
        Verb::New { message } | Verb::Revision { autogenerate: false, message } => new::new(dir, &message, output),
        Verb::Import(import) => import.answer(dir, output),
        Verb::Completions { shell } => shell::completions(shell, output),
        Verb::Man(man) => man.answer(output),
        Verb::Explain { code } => explain::explain(code.as_deref(), output),
        Verb::Version(on) => on.answer(layout, named, output, |_, subject| Version::answer(subject)),
        Verb::Status(on) => on.answer(layout, named, output, |_, subject| Status::answer(subject)),
        Verb::History(past) => past.answer(layout, named, dir, output),
        Verb::Upgrade(on) => on.make(layout, Some(dir), output, Upgrade::answer),
        Verb::Downgrade(on) => on.answer(layout, named, output, Downgrade::answer),
        Verb::Resolve(on) => on.answer(layout, named, output, Resolve::answer),
        Verb::Restore(on) => on.make(layout, None, output, Restore::answer),
        Verb::Schema(sight) => sight.answer(dir, output),
        Verb::Stamp(on) => on.answer(layout, Some(dir), output, Stamp::answer),
        Verb::Sql(offline) => offline.answer(layout, dir, output),
    };
    exit.into()
}

/// The same as the macro does.
fn read(dir: &Path, judged: Judged, trust: Trust, levels: Levels, output: Output) -> Checked {
    read_with(dir, judged, trust, levels, Revision::default(), output)
}

/// The same of a directory in this layout.
fn read_layout(layout: Layout, dir: &Path, judged: Judged, trust: Trust, levels: Levels, output: Output) -> Checked {
    let check = || check_layout(layout, dir, &shown(dir), judged, trust, levels);
    let checked = while_shown(output, "trying the migrations", check);
    Checked { problems: advised(dir, checked.problems), ..checked }
}

/// The same as if the directory had been revised.
fn read_with(dir: &Path, judged: Judged, trust: Trust, levels: Levels, revision: Revision, output: Output) -> Checked {
    let check = || check_with(dir, &shown(dir), judged, trust, levels, revision);
    let checked = while_shown(output, "trying the migrations", check);
    Checked { problems: advised(dir, checked.problems), ..checked }
}

/// With what to do about a directory that cannot be read: the rule's advice is about the macro.
fn advised(dir: &Path, mut problems: Vec<Problem>) -> Vec<Problem> {
    for problem in problems.iter_mut().filter(|problem| problem.rule == &rule::UNREADABLE && !dir.is_dir()) {
        problem.help = Some("create it, or name another one with --dir".to_owned());
    }
    problems
}

/// What the user calls the directory.
fn shown(dir: &Path) -> String {
    dir.to_string_lossy().replace('\\', "/").trim_end_matches('/').to_owned()
}

fn migrations(count: usize) -> String {
    if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") }
}

/// A problem, with the level that the text itself leaves to the compiler to say.
pub(super) fn level(problem: &Problem) -> &'static str {
    if problem.is_error() { "error" } else { "warning" }
}
