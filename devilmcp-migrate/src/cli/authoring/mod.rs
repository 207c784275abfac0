//! The program `devilmcp-migrate`, which works on a directory of migrations, or on a database with or without one.

mod baseline;
mod call;
mod difference;
mod directory;
mod draft;
mod explain;
mod folders;
mod frozen;
mod import;
mod init;
mod layout;
mod leftover;
mod lint;
mod lints;
mod lock;
mod named;
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

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use devilmcp_migrate_core::check::{Checked, Judged, Revision, Trust, check_layout, check_with};
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::rule;

use self::call::{Call, Verb};
use super::exit::Exit;
use super::output::Output;
use super::patience::while_shown;
use super::place::Place;
use super::verb::{Check, Downgrade, Resolve, Restore, Stamp, Status, Upgrade, Version};
use difference::Diff;

/// Does what the arguments of the program say.
pub fn author() -> ExitCode {
    let Call { dir, layout, json, verb } = match Call::try_parse() {
        Ok(call) => call,
        Err(error) => {
            let Some(text) = named::elsewhere(&error) else { error.exit() };
            Output::standard(false).error(text);
            return Exit::Usage.into();
        }
    };
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
        Verb::Check { full: _, database: Some(database), table, lints } => {
            let source = on::Source { dir: named, layout, table: table.as_deref(), levels: lints.levels() };
            on::answer(source, Place::File(&database), output, Check::answer)
        }
        Verb::Check { full, database: None, table: _, lints } => {
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
        Verb::Revision { autogenerate: true, message, target_sqlite } => {
            Diff::named(message, target_sqlite).answer(dir, output)
        }
        Verb::New { message } | Verb::Revision { autogenerate: false, message, target_sqlite: _ } => {
            new::new(dir, &message, output)
        }
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
