//! `check`: whether a database is in order.

use super::{Access, Format, Subject};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::health::{Health, Standing};
use crate::cli::outline::Outline;
use crate::cli::output::Output;
use crate::cli::patience::while_shown;
use crate::cli::table::Tone;
use crate::session::moment;

/// Look whether history, schema, foreign keys and the file itself are in order; exit with 3 if not
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Check {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl Check {
    pub(in crate::cli) fn answer(subject: Subject<'_>) -> Result<Exit, Failure> {
        let conn = subject.open(Access::Read)?;
        let health = while_shown(subject.output, "looking at the database", || {
            moment(&conn, |header| Health::read(&conn, header, subject))
        })?;
        if subject.output.is_json() {
            subject.output.document(&document::health(&health));
        } else {
            let names = subject.names().and(health.status.applied());
            show(&health, &names.standing(health.status.current()), subject.output);
        }
        Ok(if health.is_in_order() { Exit::Done } else { Exit::Pending })
    }
}

/// A line for each thing that is in order, and what is wrong with the others.
fn show(health: &Health, standing: &str, output: Output) {
    match health.refusal() {
        None => output.line(Tone::Good, &format!("history: in order, {standing}")),
        Some(refusal) => output.line(Tone::Bad, &format!("history: {}", Outline::of(refusal))),
    }
    let drift: Vec<String> = health.status.drift().iter().map(ToString::to_string).collect();
    match health.schema {
        Standing::AsMigrated => output.line(Tone::Good, "schema: what the migrations make"),
        Standing::Unmigrated => output.line(Tone::Plain, "schema: no migration was applied"),
        Standing::Drifted => output.list("schema: not what the migrations make:", &drift),
        Standing::Unknown => output.line(
            Tone::Attention,
            "schema: not known; it has changed since it was compared, and only the migrations tell what it should be",
        ),
    }
    let violations = health.violations.iter().map(ToString::to_string);
    let keys: Vec<String> = violations.chain(health.mismatches.iter().cloned()).collect();
    if keys.is_empty() {
        output.line(Tone::Good, "foreign keys: in order");
    }
    output.list("foreign keys: not in order:", &keys);
    if health.damage.is_empty() {
        output.line(Tone::Good, "file: in order");
    }
    output.list("file: damaged:", &health.damage);
}
