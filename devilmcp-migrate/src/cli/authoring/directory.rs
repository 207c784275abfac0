//! `check`: a directory, tried.

use std::path::Path;

use devilmcp_migrate_core::check::{Checked, Judged, Trust};
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::Levels;
use serde_json::json;

use super::{migrations, read_layout};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// Tries the migrations as the compiler does, and says what is wrong with them.
pub(super) fn check(layout: Layout, dir: &Path, trust: Trust, levels: Levels, output: Output) -> Exit {
    let checked = read_layout(layout, dir, Judged::Unlocked, trust, levels, output);
    let (count, locked) = counts(&checked);
    if output.is_json() {
        output.document(
            &json!({ "migrations": count, "locked": locked, "problems": document::problems(&checked.problems) }),
        );
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

fn exit(checked: &Checked) -> Exit {
    if checked.proof.is_some() { Exit::Done } else { Exit::Failed }
}

/// How many migrations there are, and how many of them are locked.
fn counts(checked: &Checked) -> (usize, usize) {
    let scripts = checked.sequence.as_ref().map_or(&[][..], |sequence| sequence.scripts());
    (scripts.len(), scripts.iter().filter(|script| checked.lock.has(script.number)).count())
}
