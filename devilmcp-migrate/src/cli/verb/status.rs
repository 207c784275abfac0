//! `status`: what was applied, what is pending, what is not as it should be.

use super::report::show_drift;
use super::{Format, Standing, Subject, kept, segments};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::names::id;
use crate::cli::outline::Outline;
use crate::cli::output::Output;
use crate::cli::table::Tone;
use crate::plan::Action;
use crate::printable::printable;
use crate::status::Applied;

/// Show what was applied and what is pending; exit with 3 if anything is pending or has drifted
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Status {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl Status {
    pub(in crate::cli) fn answer(subject: Subject<'_>) -> Result<Exit, Failure> {
        let status = subject.status()?;
        if subject.is_sourceless() {
            return Ok(kept::show(&status, subject.output));
        }
        if subject.output.is_json() {
            subject.output.document(&document::status(&status));
        } else {
            show(&status, subject.output);
        }
        Ok(if status.is_latest() && status.drift().is_empty() { Exit::Done } else { Exit::Pending })
    }
}

fn show(status: &Standing, output: Output) {
    let applied = status.applied().iter().map(row);
    let pending = status.pending().iter().map(|step| {
        let state = if step.action() == Action::Adopt { "to adopt" } else { "pending" };
        let row = [id(step.number()), step.name().to_owned(), state.to_owned(), String::new(), String::new()];
        (Tone::Attention, row)
    });
    output.table(["VERSION", "NAME", "STATE", "WHEN", "BY"], &applied.chain(pending).collect::<Vec<_>>());
    match status.pending().len() {
        _ if status.refusal().is_some() => {}
        0 if status.drift().is_empty() => output.line(Tone::Good, "up to date"),
        0 => output.line(Tone::Plain, "no migration is pending"),
        1 => output.line(Tone::Attention, "1 migration is pending"),
        many => output.line(Tone::Attention, &format!("{many} migrations are pending")),
    }
    segments::show(status.segments(), output);
    show_drift(status.drift(), output);
    show_others(status, output);
    if let Some(refusal) = status.refusal() {
        output.line(Tone::Bad, &format!("an upgrade would be refused: {}", Outline::of(refusal)));
    }
}

/// Histories that this is not about.
pub(super) fn show_others(status: &Standing, output: Output) {
    if !status.other_histories().is_empty() {
        output.line(Tone::Plain, &printable(&format!("other histories: {}", status.other_histories().join(", "))));
    }
}

/// One that was applied.
pub(super) fn row(applied: &Applied) -> (Tone, [String; 5]) {
    let state = if applied.is_adopted() { "adopted" } else { "applied" };
    let by = applied.app_version().unwrap_or_default().to_owned();
    let row = [id(applied.number()), applied.name().to_owned(), state.to_owned(), applied.applied_at().to_owned(), by];
    (Tone::Plain, row)
}
