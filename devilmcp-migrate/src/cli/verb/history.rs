//! `history`: everything that the database keeps of what was applied.

use std::time::Duration;

use devilmcp_migrate_core::alteration::{Alteration, Sign};
use serde_json::{Value, json};

use super::{Format, Subject, applied};
use crate::cli::document;
use crate::cli::evolution::{self, Changes};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::names::id;
use crate::cli::output::Output;
use crate::cli::table::Tone;
use crate::embedded::Embedded;
use crate::printable::printable;
use crate::status::Applied;

/// Show every migration that was applied, when, by what, and whether the database keeps a way back
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct History {
    /// Below each, show what it has changed in the schema
    #[arg(short, long)]
    pub verbose: bool,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl History {
    pub(in crate::cli) fn answer(&self, subject: Subject<'_>) -> Result<Exit, Failure> {
        let conn = subject.look()?;
        let applied = applied(&conn, subject.embedded.table)?;
        let changes = self.verbose.then(|| evolution::of_database(&conn, subject.embedded, &applied)).transpose()?;
        let changes = changes.unwrap_or_default();
        let output = subject.output;
        if output.is_json() {
            let told = applied.iter().map(|applied| self.told(document::applied(applied), applied.number(), &changes));
            output.document(&json!({ "applied": told.collect::<Vec<_>>() }));
        } else if applied.is_empty() {
            output.line(Tone::Plain, "no migration was applied");
        } else {
            let rows: Vec<_> = applied.iter().map(|applied| (Tone::Plain, row(applied))).collect();
            let below: Vec<_> = applied.iter().map(|applied| lines(applied.number(), &changes)).collect();
            output.table_with(["VERSION", "NAME", "STATE", "WHEN", "TIME", "BY", "WAY BACK"], &rows, &below);
        }
        Ok(Exit::Done)
    }

    /// The migrations themselves, where there is no database.
    pub(in crate::cli) fn of_migrations(&self, embedded: &Embedded, output: Output) -> Result<Exit, Failure> {
        let changes = self.verbose.then(|| evolution::of_migrations(embedded, embedded.latest())).transpose()?;
        let changes: Vec<(i64, Changes)> =
            changes.unwrap_or_default().into_iter().map(|(number, changes)| (number, Ok(changes))).collect();
        let migrations = embedded.migrations;
        if output.is_json() {
            let told = migrations.iter().map(|migration| {
                let reversible = migration.down.is_some();
                let told = json!({ "version": migration.number, "name": migration.name, "reversible": reversible });
                self.told(told, migration.number, &changes)
            });
            output.document(&json!({ "migrations": told.collect::<Vec<_>>() }));
            return Ok(Exit::Done);
        }
        let rows: Vec<_> = migrations
            .iter()
            .map(|migration| {
                let back = if migration.down.is_some() { "proved" } else { "none" };
                (Tone::Plain, [id(migration.number), migration.name.to_owned(), back.to_owned()])
            })
            .collect();
        let below: Vec<_> = migrations.iter().map(|migration| lines(migration.number, &changes)).collect();
        output.table_with(["VERSION", "NAME", "WAY BACK"], &rows, &below);
        Ok(Exit::Done)
    }

    /// With what it has changed, if that was asked for.
    fn told(&self, mut told: Value, number: i64, changes: &[(i64, Changes)]) -> Value {
        if self.verbose {
            let found = changes.iter().find(|(other, _)| *other == number).map(|(_, changes)| changes);
            let known = found.and_then(|changes| changes.as_ref().ok());
            told["changes"] = json!(known.map(|changes| changes.iter().map(alteration).collect::<Vec<_>>()));
            told["unknown"] = json!(found.and_then(|changes| changes.as_ref().err()));
        }
        told
    }
}

fn alteration(alteration: &Alteration) -> Value {
    let Alteration { sign, object, name, owner, .. } = alteration;
    json!({
        "change": sign.word(),
        "object": object.as_str(),
        "name": name.as_str(),
        "owner": owner.as_str(),
        "message": alteration.to_string(),
    })
}

/// What stands below a migration.
fn lines(number: i64, changes: &[(i64, Changes)]) -> Vec<(Tone, String)> {
    let Some((_, changes)) = changes.iter().find(|(other, _)| *other == number) else { return Vec::new() };
    match changes {
        Ok(changes) if changes.is_empty() => vec![(Tone::Plain, "the schema is the same".to_owned())],
        Ok(changes) => changes
            .iter()
            .map(|alteration| {
                let tone = match alteration.sign {
                    Sign::Added => Tone::Good,
                    Sign::Removed => Tone::Bad,
                    Sign::Changed => Tone::Attention,
                };
                (tone, printable(&alteration.to_string()))
            })
            .collect(),
        Err(reason) => vec![(Tone::Plain, printable(&format!("not known: {reason}")))],
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
