//! `lock`: what is there is released.

use std::path::Path;

use devilmcp_migrate_core::check::{Judged, Trust};
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::script::Script;
use serde_json::json;

use super::frozen::Frozen;
use super::{migrations, read_layout, whole};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::patience::while_shown;
use crate::cli::table::Tone;

/// What to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task {
    pub(super) layout: Layout,
    pub(super) goal: Goal,
    pub(super) judged: Judged,
    /// There is to be a checkpoint, even if there was none.
    pub(super) checkpoint: bool,
    pub(super) levels: Levels,
}

/// What to do about migrations that are not locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// Lock them.
    Write,
    /// Say which they are.
    Tell,
}

/// Locks what is not locked, if all is well.
pub(super) fn lock(dir: &Path, Task { layout, goal, judged, checkpoint, levels }: Task, output: Output) -> Exit {
    let checked = read_layout(layout, dir, judged, Trust::Nothing, levels, output);
    let sequence = checked.sequence.as_ref().filter(|_| checked.proof.is_some());
    let scripts = sequence.map_or(&[][..], |sequence| sequence.scripts());
    let open: Vec<&Script> = scripts.iter().filter(|script| !checked.lock.has(script.number)).collect();
    let freeze = || Frozen::of(dir, scripts, checkpoint);
    let frozen =
        if sequence.is_some() { while_shown(output, "writing the checkpoint", freeze) } else { Frozen::Unwanted };
    let outdated = frozen.text().is_some();
    // Where all is locked, a file may still have been formatted since, which changes its last line.
    let lock = Some(Lock::write(scripts)).filter(|text| {
        sequence.is_some() && whole::read(dir, listing::LOCK).map_or(!open.is_empty(), |there| *there != **text)
    });
    let mut files = Vec::new();
    files.extend(lock.map(|text| (listing::LOCK, text)));
    files.extend(frozen.text().map(|text| (listing::CHECKPOINT, text.to_owned())));
    let failure = match goal {
        Goal::Write => files.iter().find_map(|(name, text)| Some((name, whole::write(dir, name, text).err()?))),
        Goal::Tell => None,
    };
    let exit = match goal {
        _ if sequence.is_none() || failure.is_some() => Exit::Failed,
        Goal::Tell if !open.is_empty() || outdated => Exit::Pending,
        Goal::Write | Goal::Tell => Exit::Done,
    };
    let failure = failure.map(|(name, error)| format!("{} cannot be written: {error}", dir.join(name).display()));
    let labels: Vec<String> = open.iter().map(|script| script.label()).collect();
    if output.is_json() {
        let problems = document::problems(&checked.problems);
        let (mut locked, mut pending) = (Vec::new(), labels);
        if goal == Goal::Write && exit == Exit::Done {
            std::mem::swap(&mut locked, &mut pending);
        }
        output.document(&json!({
            "locked": locked, "unlocked": pending, "migrations": scripts.len(), "problems": problems, "error": failure,
            "checkpoint": { "outdated": outdated && exit != Exit::Done, "impossible": frozen.reason() },
        }));
        return exit;
    }
    output.problems(&checked.problems);
    if let Some(failure) = failure {
        output.error(&failure);
    } else if sequence.is_none() {
        output.error(match judged {
            Judged::Unlocked => {
                "nothing was locked; if all of them have shipped already, `lock --shipped` takes them as they are"
            }
            Judged::Nothing => "nothing was locked",
        });
    } else {
        let files: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        say(goal, &labels, scripts.len(), &frozen, &files, output);
    }
    exit
}

fn say(goal: Goal, labels: &[String], count: usize, frozen: &Frozen, files: &[&str], output: Output) {
    if labels.is_empty() {
        output.line(Tone::Good, &format!("nothing to lock: {} locked already", migrations(count)));
    }
    let (tone, verb) = if goal == Goal::Write { (Tone::Good, "locked") } else { (Tone::Attention, "not locked") };
    for label in labels {
        output.line(tone, &format!("{verb}: {label}"));
    }
    if let Some(reason) = frozen.reason() {
        output.line(Tone::Attention, &format!("no checkpoint: {reason}"));
    }
    if goal == Goal::Tell {
        if frozen.text().is_some() {
            output.line(Tone::Attention, "not up to date: migrations.checkpoint");
        }
        return;
    }
    let reason = match (labels.is_empty(), files.len()) {
        (_, 0) => return,
        (false, _) => " with them",
        (true, 1) => ", which is new",
        (true, _) => ", which are new",
    };
    output.line(Tone::Plain, &format!("commit {}{reason}", files.join(" and ")));
}
