//! The program `devilmcp-migrate`, which works on a directory of migrations and not on a database.

mod frozen;
mod lock;
mod whole;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;
use devilmcp_migrate_core::check::{Checked, Judged, Trust, check};
use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::rule;
use serde_json::json;

use super::document;
use super::exit::Exit;
use super::output::Output;
use super::table::Tone;

/// Check and lock migrations for SQLite
#[derive(Debug, clap::Parser)]
#[command(name = "devilmcp-migrate", version)]
struct Call {
    /// The directory of the migrations
    #[arg(long, global = true, value_name = "DIR", default_value = "migrations")]
    dir: PathBuf,

    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Try the migrations as the compiler does, and show what is wrong with them
    Check {
        /// Run what is locked, too, even if there is a checkpoint, and compare that with it
        #[arg(long)]
        full: bool,
    },

    /// Write into migrations.lock that the migrations are released: from then on they cannot change
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
    },
}

/// Does what the arguments of the program say.
pub fn author() -> ExitCode {
    let Call { dir, json, verb } = Call::parse();
    let output = Output::standard(json);
    let exit = match verb {
        Verb::Check { full } => checked(&dir, if full { Trust::Proved } else { Trust::Taken }, output),
        Verb::Lock { check, shipped, checkpoint } => {
            let goal = if check { lock::Goal::Tell } else { lock::Goal::Write };
            let judged = if shipped { Judged::Nothing } else { Judged::Unlocked };
            lock::lock(&dir, lock::Task { goal, judged, checkpoint }, output)
        }
    };
    exit.into()
}

fn checked(dir: &Path, trust: Trust, output: Output) -> Exit {
    let checked = read(dir, Judged::Unlocked, trust);
    let (count, locked) = counts(&checked);
    if output.is_json() {
        let problems: Vec<_> = checked.problems.iter().map(document::problem).collect();
        output.document(&json!({ "migrations": count, "locked": locked, "problems": problems }));
    } else {
        output.problems(&checked.problems);
        if checked.proof.is_some() {
            let beside = if locked == 0 { String::new() } else { format!(", {locked} of them locked") };
            output.line(Tone::Good, &format!("{}: they work{beside}", migrations(count)));
            if trust == Trust::Proved && checked.checkpoint.is_some() {
                output.line(Tone::Good, "migrations.checkpoint: it is what they make");
            }
        }
    }
    exit(&checked)
}

/// The same as the macro does.
fn read(dir: &Path, judged: Judged, trust: Trust) -> Checked {
    let shown = dir.to_string_lossy().replace('\\', "/");
    let mut checked = check(dir, shown.trim_end_matches('/'), judged, trust);
    for problem in checked.problems.iter_mut().filter(|problem| problem.rule == &rule::UNREADABLE && !dir.is_dir()) {
        // The rule's advice is about the macro.
        problem.help = Some("create it, or name another one with --dir".to_owned());
    }
    checked
}

fn exit(checked: &Checked) -> Exit {
    if checked.proof.is_some() { Exit::Done } else { Exit::Failed }
}

/// How many migrations there are, and how many of them are locked.
fn counts(checked: &Checked) -> (usize, usize) {
    let scripts = checked.sequence.as_ref().map_or(&[][..], |sequence| sequence.scripts());
    (scripts.len(), scripts.iter().filter(|script| checked.lock.has(script.number)).count())
}

fn migrations(count: usize) -> String {
    if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") }
}

/// A problem, with the level that the text itself leaves to the compiler to say.
pub(super) fn level(problem: &Problem) -> &'static str {
    if problem.is_error() { "error" } else { "warning" }
}
