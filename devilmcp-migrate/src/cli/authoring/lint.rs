//! `lint`: what the lints find, and nothing else.

use std::path::Path;

use devilmcp_migrate_core::check::{Judged, Trust};
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::{Levels, Lint};
use devilmcp_migrate_core::problem::Problem;
use serde_json::json;

use super::{migrations, read_layout};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// Says what the lints find in migrations that work.
pub(super) fn lint(layout: Layout, dir: &Path, levels: Levels, output: Output) -> Exit {
    let checked = read_layout(layout, dir, Judged::Unlocked, Trust::Taken, levels, output);
    let (found, others): (Vec<Problem>, Vec<Problem>) =
        checked.problems.into_iter().partition(|problem| Lint::of(problem.rule).is_some());
    // What is wrong comes first: where something is, most lints say nothing.
    let errors: Vec<Problem> = others.into_iter().filter(Problem::is_error).collect();
    let count = checked.sequence.as_ref().map_or(0, |sequence| sequence.scripts().len());
    let is_sound = errors.is_empty() && !found.iter().any(Problem::is_error);
    let shown = [errors, found].concat();
    if output.is_json() {
        output.document(&json!({ "migrations": count, "problems": document::problems(&shown) }));
    } else {
        output.problems(&shown);
        if shown.is_empty() {
            output.line(Tone::Good, &format!("{}: the lints find nothing", migrations(count)));
        }
    }
    if is_sound { Exit::Done } else { Exit::Failed }
}
