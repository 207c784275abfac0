//! All that is known of a directory once it was read and run: what the macro and the command line both do.

use std::path::Path;

use crate::lockfile::Lock;
use crate::problem::{Problem, Problems};
use crate::prove::{Proof, agree, replay};
use crate::sequence::Sequence;
use crate::source::{self, SourceFile};

/// The outcome.
#[derive(Debug)]
pub struct Checked {
    /// The migrations, as far as they can be put in order: emitted even where something is wrong with them.
    pub sequence: Option<Sequence>,
    /// What was released.
    pub lock: Lock,
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

/// Reads `directory`, which the user calls `shown`, and runs it unless reading it has shown a mistake.
pub fn check(directory: &Path, shown: &str, judged: Judged) -> Checked {
    let mut problems = Problems::new();
    let entries = source::read(directory, shown, &mut problems);
    let locked = source::read_beside(directory, shown, source::LOCK, &mut problems);
    let schema = source::read_beside(directory, shown, source::SCHEMA, &mut problems);
    let lock = locked.as_ref().map_or_else(Lock::default, |file| Lock::read(file, &mut problems));
    let lock = if judged == Judged::Nothing { lock.covering_all() } else { lock };
    let sequence = Sequence::locked(entries, &lock, shown, &mut problems);
    let proof = match &sequence {
        Some(sequence) if !problems.has_errors() => {
            let proof = replay(sequence, &mut problems);
            if let Some(schema) = &schema {
                agree(schema, proof.as_ref().map(|proof| &proof.schema), &mut problems);
            }
            proof.filter(|_| !problems.has_errors())
        }
        _ => None,
    };
    let beside = locked.into_iter().chain(schema).collect();
    Checked { sequence, lock, beside, proof, problems: problems.finish() }
}
