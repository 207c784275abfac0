//! Where a database stands, told by what it keeps: its migrations are not here.

use devilmcp_migrate_core::name::label;

use super::Standing;
use super::status::{row, show_others};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::outline::Outline;
use crate::cli::output::Output;
use crate::cli::table::Tone;
use crate::error::{Error, ErrorKind};
use crate::printable::printable;
use crate::status::Applied;

pub(super) fn show(status: &Standing, output: Output) -> Exit {
    // There is no program that it could be too new for.
    let refusal = status.refusal().filter(|refusal| refusal.kind() != ErrorKind::Newer);
    if output.is_json() {
        output.document(&document::kept(status, barrier(status.applied()), refusal));
    } else {
        lines(status.applied(), refusal, output);
        show_others(status, output);
    }
    if refusal.is_some() { Exit::Pending } else { Exit::Done }
}

fn lines(applied: &[Applied], refusal: Option<&Error>, output: Output) {
    output.table(["VERSION", "NAME", "STATE", "WHEN", "BY"], &applied.iter().map(row).collect::<Vec<_>>());
    if let Some(refusal) = refusal {
        return output.line(Tone::Bad, &Outline::of(refusal).to_string());
    }
    let text = match barrier(applied) {
        _ if applied.is_empty() => "no migration was applied".to_owned(),
        None => "can be taken back to before the first migration, by what it keeps".to_owned(),
        Some(barrier) => {
            let why = if barrier.is_adopted() { "was adopted" } else { "is irreversible" };
            format!("can be taken back to {}, which {why}", printable(&label(barrier.number(), barrier.name())))
        }
    };
    output.line(Tone::Plain, &text);
}

/// The newest migration that is not to be undone.
fn barrier(applied: &[Applied]) -> Option<&Applied> {
    applied.iter().rev().find(|applied| applied.is_adopted() || !applied.is_reversible())
}
