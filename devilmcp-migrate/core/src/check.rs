//! All that is known of a directory once it was read and run: what the macro and the command line both do.

use std::path::Path;

use crate::checkpoint::{Checkpoint, Unfit, unused};
use crate::feature::{self, Version};
use crate::layout::{self, Layout};
use crate::lint::Levels;
use crate::listing;
use crate::lockfile::{Interrupted, Lock};
use crate::name::{Name, Number};
use crate::problem::{Problem, Problems};
use crate::prove::{Proof, Summary, agree, confirm, judge};
use crate::sequence::Sequence;
use crate::source::{self, Entry, SourceFile};

/// The outcome.
#[derive(Debug)]
pub struct Checked {
    /// The migrations, as far as they can be put in order: emitted even where something is wrong with them.
    pub sequence: Option<Sequence>,
    /// What was released.
    pub lock: Lock,
    /// The last migration that the checkpoint stands for, if there is one and it fits.
    pub checkpoint: Option<Number>,
    /// The files beside the migrations on which the outcome depends.
    pub beside: Vec<SourceFile>,
    /// What running them has shown; none if something is wrong.
    pub proof: Option<Proof>,
    /// All that is wrong.
    pub problems: Vec<Problem>,
}

/// Which migrations are judged, and not only replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// Those that the lock file does not have.
    Unlocked,
    /// None: all have shipped, whether or not the lock file knows.
    Nothing,
}

/// What is taken for true that was found out before: by the checkpoint, and by the lock about files that have not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// What the checkpoint stands for is not run, if it fits.
    Taken,
    /// Everything is run, and it has to be the same.
    Proved,
    /// Nothing: everything is run, as if there were no checkpoint.
    Nothing,
}

/// Reads `directory`, which the user calls `shown`, and runs it unless reading it has shown a mistake.
pub fn check(directory: &Path, shown: &str, judged: Judged, trust: Trust, levels: Levels) -> Checked {
    check_with(directory, shown, judged, trust, levels, Revision::default())
}

/// What is to be taken for changed in a directory that is still as it was.
#[derive(Debug, Default)]
pub struct Revision {
    /// The migrations' files that are not there any more.
    pub without: Vec<Name>,
    /// Those that are there, too.
    pub files: Vec<Entry>,
    /// The lock file, if it is another.
    pub lock: Option<String>,
}

/// The same as if it had been revised.
pub fn check_with(
    directory: &Path,
    shown: &str,
    judged: Judged,
    trust: Trust,
    levels: Levels,
    revision: Revision,
) -> Checked {
    let Revision { without, files, lock: new_lock } = revision;
    let mut problems = Problems::new();
    let mut entries = source::read(directory, shown, &mut problems);
    entries.retain(|entry| !without.contains(&entry.name));
    entries.extend(files);
    // The files of a migration are next to each other, as in a directory.
    entries.sort_by(|one, other| one.file.path.cmp(&other.file.path));
    check_files(
        directory,
        shown,
        judged,
        trust,
        levels,
        Files { entries, beside: Vec::new(), lock: new_lock },
        problems,
    )
}

/// The same of a directory in this layout.
pub fn check_layout(
    layout: Layout,
    directory: &Path,
    shown: &str,
    judged: Judged,
    trust: Trust,
    levels: Levels,
) -> Checked {
    let Some(tool) = layout.tool() else { return check(directory, shown, judged, trust, levels) };
    let mut problems = Problems::new();
    let files = layout::read(tool, directory, shown, &mut problems);
    check_files(directory, shown, judged, trust, levels, files, problems)
}

/// The files of a directory: those of migrations, and those beside them on which the outcome depends.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) entries: Vec<Entry>,
    pub(crate) beside: Vec<SourceFile>,
    /// The lock file that is to be, if it is not the one that is there.
    pub(crate) lock: Option<String>,
}

fn check_files(
    directory: &Path,
    shown: &str,
    judged: Judged,
    trust: Trust,
    levels: Levels,
    files: Files,
    mut problems: Problems,
) -> Checked {
    let Files { mut entries, beside, lock } = files;
    let locked = match lock {
        Some(text) => Some(SourceFile::new(&format!("{}/{}", shown.trim_end_matches('/'), listing::LOCK), text)),
        None => source::read_beside(directory, shown, listing::LOCK, &mut problems),
    };
    let schema = source::read_beside(directory, shown, listing::SCHEMA, &mut problems);
    let lock = locked.as_ref().map_or_else(Lock::default, |file| match trust {
        Trust::Taken => Lock::read_beside(file, &entries, &mut problems),
        Trust::Proved | Trust::Nothing => Lock::read(file, &mut problems),
    });
    if let Some(interrupted) = Interrupted::find(&entries, &lock) {
        entries.retain(|entry| !interrupted.left.contains(&entry.name));
        problems.push(interrupted.problem(shown, &lock));
    }
    let lock = if judged == Judged::Nothing { lock.covering_all() } else { lock };
    let mut sequence = Sequence::locked(entries, &lock, shown, levels, &mut problems);
    let saved = if trust == Trust::Nothing { None } else { read_checkpoint(directory, shown, &mut problems) };
    let mut checkpoint = None;
    let proof = match &mut sequence {
        Some(sequence) if !problems.has_errors() => {
            checkpoint = saved.as_ref().and_then(|file| fitting(file, &lock, trust, &mut problems));
            sequence.start_from(checkpoint.as_ref().filter(|_| trust == Trust::Taken));
            // What would be made would be looked at by nobody.
            let known = if schema.is_none() { sequence.end().and_then(Proof::of) } else { None };
            let mut proof = known.or_else(|| judge(sequence, levels, &mut problems));
            if let Some(proof) = proof.as_mut().filter(|proof| proof.summary.is_none()) {
                proof.summary = Summary::saved(sequence.scripts());
            }
            if let Some(schema) = &schema {
                let made = proof.as_ref().and_then(|proof| proof.schema.as_ref());
                agree(schema, sequence.scripts(), made, levels, &mut problems);
            }
            if let (Trust::Proved, Some(_), Some(file), Some(checkpoint)) = (trust, &proof, &saved, &checkpoint) {
                confirm(file, sequence.scripts(), checkpoint, &mut problems);
            }
            proof.filter(|_| !problems.has_errors())
        }
        _ => None,
    };
    let checkpoint = checkpoint.map(|checkpoint| checkpoint.last());
    let beside = beside.into_iter().chain(locked).chain(saved).chain(schema).collect();
    let mut problems = problems.finish();
    for problem in &mut problems {
        problem.notes.extend(feature::note(problem, Version::linked()));
    }
    Checked { sequence, lock, checkpoint, beside, proof, problems }
}

/// The checkpoint, if it is there. One that cannot be read is no reason to stop: without it, everything can be run.
fn read_checkpoint(directory: &Path, shown: &str, problems: &mut Problems) -> Option<SourceFile> {
    let mut faults = Problems::new();
    let file = source::read_beside(directory, shown, listing::CHECKPOINT, &mut faults);
    // Of a text with faults it is said that it has been changed.
    let faults = faults.finish().into_iter().filter(|_| file.is_none());
    problems.extend(faults.map(|fault| unused(&format!("{shown}/{}", listing::CHECKPOINT), &fault.title)));
    file
}

/// What is in the file, if it stands for what is locked.
fn fitting(file: &SourceFile, lock: &Lock, trust: Trust, problems: &mut Problems) -> Option<Checkpoint> {
    match Checkpoint::read(file, lock) {
        Ok(checkpoint) => Some(checkpoint),
        // Who else builds it may have another SQLite, and can do nothing about this.
        Err(Unfit::Sqlite(_)) if trust == Trust::Taken => None,
        Err(unfit) => {
            problems.push(unused(&file.path, &unfit.to_string()));
            None
        }
    }
}
