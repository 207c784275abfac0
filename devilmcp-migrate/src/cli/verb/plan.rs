//! What would be done, as a dry run says it.

use super::segments;
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::names::{Names, id};
use crate::cli::output::Output;
use crate::cli::table::Tone;
use crate::plan::{Action, Plan};
use crate::printable::printable;

/// Says what would be done, and where `to` that leads.
pub(super) fn show(plan: &Plan, to: i64, names: &Names, output: Output) -> Exit {
    if output.is_json() {
        output.document(&document::plan(plan));
    } else if plan.steps().is_empty() {
        output.line(Tone::Good, &format!("nothing to do: {}", names.standing(plan.current())));
    } else {
        steps(plan, output);
        let after = names.standing((to > 0).then_some(to));
        output.line(Tone::Attention, &format!("dry run: nothing was changed; afterwards, {after}"));
    }
    if plan.steps().is_empty() { Exit::Done } else { Exit::Pending }
}

fn steps(plan: &Plan, output: Output) {
    let rows = plan.steps().iter().map(|step| {
        let action = match step.action() {
            Action::Apply => "apply",
            Action::Adopt => "adopt",
            Action::Revert => "revert",
        };
        let hooks = if step.has_hooks() { ", with code of the program's" } else { "" };
        (Tone::Plain, [id(step.number()), step.name().to_owned(), format!("{action}{hooks}")])
    });
    output.table(["VERSION", "NAME", "WOULD"], &rows.collect::<Vec<_>>());
    if let Some(adopted) = plan.steps().iter().rfind(|step| step.action() == Action::Adopt) {
        let label = adopted.label();
        let text = format!("adopt: the database was there before {label}; what is missing is made, and all rows stay");
        output.line(Tone::Attention, &printable(&text));
    }
    segments::show(plan.segments(), output);
}
