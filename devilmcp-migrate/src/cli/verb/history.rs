//! `history`: everything that the database keeps of what was applied.

use std::time::Duration;

use serde_json::json;

use super::{Access, Format, Subject, applied};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::names::id;
use crate::cli::table::Tone;
use crate::status::Applied;

/// Show every migration that was applied, when, by what, and whether the database keeps a way back
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct History {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl History {
    pub(in crate::cli) fn answer(subject: Subject<'_>) -> Result<Exit, Failure> {
        let applied = applied(&subject.open(Access::Read)?)?;
        let output = subject.output;
        if output.is_json() {
            output.document(&json!({ "applied": applied.iter().map(document::applied).collect::<Vec<_>>() }));
        } else if applied.is_empty() {
            output.line(Tone::Plain, "no migration was applied");
        } else {
            let rows: Vec<_> = applied.iter().map(|applied| (Tone::Plain, row(applied))).collect();
            output.table(["VERSION", "NAME", "STATE", "WHEN", "TIME", "BY", "WAY BACK"], &rows);
        }
        Ok(Exit::Done)
    }
}

fn row(applied: &Applied) -> [String; 7] {
    let time = Duration::from_micros(applied.duration_us().unsigned_abs());
    [
        id(applied.number()),
        applied.name().to_owned(),
        if applied.is_adopted() { "adopted" } else { "applied" }.to_owned(),
        applied.applied_at().to_owned(),
        format!("{:.1} ms", time.as_secs_f64() * 1000.0),
        applied.app_version().unwrap_or_default().to_owned(),
        if applied.is_reversible() { "stored" } else { "none" }.to_owned(),
    ]
}
