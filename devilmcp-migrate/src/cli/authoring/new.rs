//! `new`: an empty migration, for a person to write.

use std::path::Path;

use devilmcp_migrate_core::name::slug_of;
use devilmcp_migrate_core::problem::Problems;
use devilmcp_migrate_core::source;
use serde_json::json;

use super::draft::Draft;
use super::{advised, shown};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// Writes an empty pair of files after the last migration.
pub(super) fn new(dir: &Path, message: &str, output: Output) -> Exit {
    let mut problems = Problems::new();
    let entries = source::read(dir, &shown(dir), &mut problems);
    let problems = advised(dir, problems.finish());
    let last = entries.iter().map(|entry| entry.name.number).max();
    let slug = slug_of(message);
    let made = if !problems.is_empty() {
        Err(None)
    } else if slug.is_empty() {
        Err(Some("the message makes no name: it is made of letters and digits".to_owned()))
    } else {
        let draft = Draft::after(last, slug, String::new(), String::new());
        let draft = draft.map_err(|error| Some(format!("SQLite does not say what time it is: {error}")));
        draft.and_then(|draft| match draft.write(dir) {
            Ok(()) => Ok(draft),
            Err(error) => Err(Some(format!("the migration cannot be written: {error}"))),
        })
    };
    let paths: Vec<String> = made
        .iter()
        .flat_map(|draft| draft.files().into_iter().rev().map(|(name, _)| format!("{}/{name}", shown(dir))))
        .collect();
    let exit = if made.is_ok() { Exit::Done } else { Exit::Failed };
    let failure = made.err().flatten();
    if output.is_json() {
        output.document(&json!({ "written": paths, "problems": document::problems(&problems), "error": failure }));
        return exit;
    }
    output.problems(&problems);
    if let Some(failure) = failure {
        output.error(&failure);
    }
    for path in paths {
        output.line(Tone::Good, &format!("written: {path}"));
    }
    exit
}
