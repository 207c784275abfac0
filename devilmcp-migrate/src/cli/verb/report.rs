//! What was done.

use crate::cli::document;
use crate::cli::names::{Names, id};
use crate::cli::output::Output;
use crate::cli::table::Tone;
use crate::difference::Difference;
use crate::plan::Action;
use crate::printable::printable;
use crate::report::Report;

pub(super) fn show(report: &Report, names: &Names, output: Output) {
    if output.is_json() {
        return output.document(&document::report(report));
    }
    let standing = names.standing(report.to());
    if report.is_noop() {
        output.line(Tone::Good, &format!("nothing to do: {standing}"));
    } else {
        let rows = report.done().iter().map(|done| {
            let time = format!("{:.1} ms", done.duration().as_secs_f64() * 1000.0);
            (Tone::Plain, [id(done.number()), done.name().to_owned(), was(done.action()).to_owned(), time])
        });
        output.table(["VERSION", "NAME", "WAS", "TIME"], &rows.collect::<Vec<_>>());
        output.line(Tone::Good, &standing);
    }
    if let Some(backup) = report.backup() {
        output.line(Tone::Plain, &printable(&format!("what it was before is in {}", backup.display())));
    }
    if let Some(failure) = report.retention_failure() {
        output.line(Tone::Attention, &printable(&format!("not all older backups are deleted: {failure}")));
    }
    show_drift(report.drift(), output);
    let violations: Vec<String> = report.violations().iter().map(ToString::to_string).collect();
    output.list("rows whose foreign keys pointed at nothing before, and still do:", &violations);
}

/// The same of an upgrade, which may have left what it does not know.
pub(super) fn show_upgrade(report: &Report, names: &Names, output: Output) {
    show(report, names, output);
    if report.is_newer() && !output.is_json() {
        output.line(Tone::Attention, "a newer program has migrated it, and it is left as it is");
    }
}

pub(super) fn show_resolved(report: &Report, names: &Names, output: Output) {
    if output.is_json() {
        return output.document(&document::report(report));
    }
    output.line(Tone::Good, &format!("resolved: {}", names.standing(report.to())));
    show_drift(report.drift(), output);
}

pub(super) fn show_drift(drift: &[Difference], output: Output) {
    let drift: Vec<String> = drift.iter().map(ToString::to_string).collect();
    output.list("the schema is not what the migrations make:", &drift);
}

/// What became of a migration, in one word.
pub(in crate::cli) fn was(action: Action) -> &'static str {
    match action {
        Action::Apply => "applied",
        Action::Adopt => "adopted",
        Action::Revert => "reverted",
    }
}
