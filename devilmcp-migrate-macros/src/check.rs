//! Everything that is known of a directory once it was read and run.

use devilmcp_migrate_core::problem::{Problem, Problems};
use devilmcp_migrate_core::prove::{Proof, replay};
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source;

use crate::locate::Directory;

/// The outcome.
pub(crate) struct Checked {
    /// The migrations, as far as they can be put in order: emitted even where something is wrong with them.
    pub(crate) sequence: Option<Sequence>,
    /// What running them has shown; none if something is wrong.
    pub(crate) proof: Option<Proof>,
    /// All that is wrong.
    pub(crate) problems: Vec<Problem>,
}

/// Reads the directory, and runs it unless reading it has shown a mistake.
pub(crate) fn run(directory: &Directory) -> Checked {
    let mut problems = Problems::new();
    let entries = source::read(&directory.path, &directory.shown, &mut problems);
    let sequence = Sequence::new(entries, &directory.shown, &mut problems);
    let proof = match &sequence {
        Some(sequence) if !problems.has_errors() => replay(sequence, &mut problems),
        _ => None,
    };
    Checked { sequence, proof, problems: problems.finish() }
}
