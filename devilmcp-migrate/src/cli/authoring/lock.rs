//! `lock`: what is there is released.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use devilmcp_migrate_core::check::Judged;
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::script::Script;
use devilmcp_migrate_core::source;
use serde_json::json;

use super::{migrations, read};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// What to do about migrations that are not locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// Lock them.
    Write,
    /// Say which they are.
    Tell,
}

/// Locks what is not locked, if all is well.
pub(super) fn lock(dir: &Path, goal: Goal, judged: Judged, output: Output) -> Exit {
    let checked = read(dir, judged);
    let sequence = checked.sequence.as_ref().filter(|_| checked.proof.is_some());
    let scripts = sequence.map_or(&[][..], |sequence| sequence.scripts());
    let open: Vec<&Script> = scripts.iter().filter(|script| !checked.lock.has(script.number)).collect();
    let failure = match goal {
        Goal::Write if !open.is_empty() => write(dir, &Lock::write(scripts)).err(),
        Goal::Write | Goal::Tell => None,
    };
    let exit = match goal {
        _ if sequence.is_none() || failure.is_some() => Exit::Failed,
        Goal::Tell if !open.is_empty() => Exit::Pending,
        Goal::Write | Goal::Tell => Exit::Done,
    };
    let failure = failure.map(|error| format!("{} cannot be written: {error}", dir.join(source::LOCK).display()));
    let labels: Vec<String> = open.iter().map(|script| script.label()).collect();
    if output.is_json() {
        let problems: Vec<_> = checked.problems.iter().map(document::problem).collect();
        let (mut locked, mut pending) = (Vec::new(), labels);
        if goal == Goal::Write && exit == Exit::Done {
            std::mem::swap(&mut locked, &mut pending);
        }
        output.document(
            &json!({ "locked": locked, "unlocked": pending, "migrations": scripts.len(), "problems": problems, "error": failure }),
        );
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
    } else if labels.is_empty() {
        output.line(Tone::Good, &format!("nothing to lock: {} locked already", migrations(scripts.len())));
    } else {
        let (tone, verb) = if goal == Goal::Write { (Tone::Good, "locked") } else { (Tone::Attention, "not locked") };
        for label in &labels {
            output.line(tone, &format!("{verb}: {label}"));
        }
        if goal == Goal::Write {
            output.line(Tone::Plain, "commit migrations.lock with them");
        }
    }
    exit
}

/// Writes the file whole or not at all.
fn write(dir: &Path, text: &str) -> io::Result<()> {
    // A dot-file, which nobody takes for a migration if it is left over.
    let draft = dir.join(format!(".{}.{}", source::LOCK, std::process::id()));
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&draft, dir.join(source::LOCK))).inspect_err(|_| {
        // The first error is the one to hear of.
        let _ = fs::remove_file(&draft);
    })
}
