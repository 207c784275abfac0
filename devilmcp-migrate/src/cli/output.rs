//! Everything that is printed, and the only place that prints.

use std::error::Error as StdError;
use std::fmt;
use std::io::{IsTerminal as _, Write as _};

use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::render;
use serde_json::Value;

use super::authoring::level;
use super::printable::{escape, printable};
use super::table::{Tone, lines};
use super::{Failure, document, verb};
use crate::error::Error;
use crate::plan::{Action, Plan, Segment};
use crate::report::Report;
use crate::status::Status;
use crate::versioned::Versioned;

/// Where answers go, and in which form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    json: bool,
    colour: bool,
    error_colour: bool,
}

impl Output {
    /// Standard output and error; in colour where a person reads them, and has not said otherwise: <https://no-color.org>.
    pub(super) fn standard(json: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let [colour, error_colour] = [std::io::stdout().is_terminal(), std::io::stderr().is_terminal()];
        Self { json, colour: wanted && colour && !json, error_colour: wanted && error_colour }
    }

    pub(super) fn version(self, status: &Status) {
        if self.json {
            return self.document(&document::version(status));
        }
        match (status.current(), status.current_name()) {
            (Some(number), Some(name)) => self.line(Tone::Plain, &format!("{number:04}_{}", printable(name))),
            _ => self.line(Tone::Plain, "none"),
        }
    }

    pub(super) fn status(self, status: &Status) {
        if self.json {
            return self.document(&document::status(status));
        }
        let applied = status.applied().iter().map(|applied| {
            let state = if applied.is_adopted() { "adopted" } else { "applied" };
            let by = applied.app_version().unwrap_or_default().to_owned();
            let row = [
                id(applied.number()),
                applied.name().to_owned(),
                state.to_owned(),
                applied.applied_at().to_owned(),
                by,
            ];
            (Tone::Plain, row)
        });
        let pending = status.pending().iter().map(|step| {
            let state = if step.action() == Action::Adopt { "to adopt" } else { "pending" };
            (
                Tone::Attention,
                [id(step.number()), step.name().to_owned(), state.to_owned(), String::new(), String::new()],
            )
        });
        self.table(["VERSION", "NAME", "STATE", "WHEN", "BY"], &applied.chain(pending).collect::<Vec<_>>());
        match status.pending().len() {
            _ if status.refusal().is_some() => {}
            0 if status.drift().is_empty() => self.line(Tone::Good, "up to date"),
            0 => self.line(Tone::Plain, "no migration is pending"),
            1 => self.line(Tone::Attention, "1 migration is pending"),
            many => self.line(Tone::Attention, &format!("{many} migrations are pending")),
        }
        self.segments(status.segments());
        self.drift(status.drift());
        if let Some(refusal) = status.refusal() {
            self.line(Tone::Bad, &format!("an upgrade would be refused: {}", Outline::of(refusal)));
        }
    }

    /// What would be done, and where `to` that leads.
    pub(super) fn plan<V: Versioned>(self, plan: &Plan, to: i64) {
        if self.json {
            return self.document(&document::plan(plan));
        }
        if plan.steps().is_empty() {
            return self.line(Tone::Good, &format!("nothing to do: {}", standing::<V>(plan.current())));
        }
        let rows = plan.steps().iter().map(|step| {
            let action = match step.action() {
                Action::Apply => "apply",
                Action::Adopt => "adopt",
                Action::Revert => "revert",
            };
            (Tone::Plain, [id(step.number()), step.name().to_owned(), action.to_owned()])
        });
        self.table(["VERSION", "NAME", "WOULD"], &rows.collect::<Vec<_>>());
        if let Some(adopted) = plan.steps().iter().rfind(|step| step.action() == Action::Adopt) {
            let label = adopted.label();
            let text =
                format!("adopt: the database was there before {label}; what is missing is made, and all rows stay");
            self.line(Tone::Attention, &printable(&text));
        }
        self.segments(plan.segments());
        let after = standing::<V>((to > 0).then_some(to));
        self.line(Tone::Attention, &format!("dry run: nothing was changed; afterwards, {after}"));
    }

    pub(super) fn report<V: Versioned>(self, report: &Report) {
        if self.json {
            return self.document(&document::report(report));
        }
        let standing = standing::<V>(report.to());
        if report.is_noop() {
            self.line(Tone::Good, &format!("nothing to do: {standing}"));
        } else {
            let rows = report.done().iter().map(|done| {
                let time = format!("{:.1} ms", done.duration().as_secs_f64() * 1000.0);
                (Tone::Plain, [id(done.number()), done.name().to_owned(), verb(done.action()).to_owned(), time])
            });
            self.table(["VERSION", "NAME", "WAS", "TIME"], &rows.collect::<Vec<_>>());
            self.line(Tone::Good, &standing);
        }
        self.drift(report.drift());
        let violations: Vec<String> = report.violations().iter().map(ToString::to_string).collect();
        self.list("rows whose foreign keys pointed at nothing before, and still do:", &violations);
    }

    pub(super) fn resolved<V: Versioned>(self, report: &Report) {
        if self.json {
            return self.document(&document::report(report));
        }
        self.line(Tone::Good, &format!("resolved: {}", standing::<V>(report.to())));
        self.drift(report.drift());
    }

    pub(super) fn failure(self, failure: &Failure) {
        if self.json {
            self.document(&document::failure(failure));
        }
        self.error(&failure.outline().to_string());
    }

    /// What is wrong with a directory, a paragraph each.
    pub(super) fn problems(self, problems: &[Problem]) {
        for problem in problems {
            let tone = if problem.is_error() { Tone::Bad } else { Tone::Attention };
            let text = if self.error_colour { render::coloured(problem) } else { render::plain(problem) };
            self.complain(tone, level(problem), &format!("{text}\n"));
        }
    }

    pub(super) fn error(self, text: &str) {
        self.complain(Tone::Bad, "error", text);
    }

    fn complain(self, tone: Tone, level: &str, text: &str) {
        let style = if self.error_colour { tone.style() } else { Tone::Plain.style() };
        let _ = writeln!(std::io::stderr(), "{style}{level}{style:#}: {text}");
    }

    pub(super) fn is_json(self) -> bool {
        self.json
    }

    /// In which parts it is done, unless it is one as usual.
    fn segments<'a>(self, segments: impl Iterator<Item = Segment<'a>>) {
        let segments: Vec<Segment<'_>> = segments.collect();
        let is_usual = |segment: &Segment<'_>| segment.is_atomic() && !segment.enforces_foreign_keys();
        if !segments.iter().all(is_usual) {
            let items: Vec<String> = segments.into_iter().map(described).collect();
            self.list("in parts, one after the other:", &items);
        }
    }

    fn drift(self, drift: &[String]) {
        self.list("the schema is not what the migrations make:", drift);
    }

    fn list(self, head: &str, items: &[String]) {
        if !items.is_empty() {
            self.line(Tone::Attention, head);
        }
        for item in items {
            self.line(Tone::Attention, &format!("  {}", printable(item)));
        }
    }

    fn table<const N: usize>(self, head: [&str; N], rows: &[(Tone, [String; N])]) {
        if rows.is_empty() {
            return;
        }
        for (tone, line) in lines(head, rows) {
            self.line(tone, &line);
        }
    }

    pub(super) fn document(self, value: &Value) {
        // Line ends are the document's own: in its strings they are escaped already, but what is not ASCII is not.
        let is_control = |letter: char| letter.is_control() && letter != '\n';
        let text = escape(&format!("{value:#}"), is_control, |letter| format!("\\u{:04x}", u32::from(letter)));
        self.line(Tone::Plain, &text);
    }

    pub(super) fn line(self, tone: Tone, text: &str) {
        let style = if self.colour { tone.style() } else { Tone::Plain.style() };
        // Not `println!`: that panics where the reader has gone, as in `db status | head -1`, though the work is done.
        let _ = writeln!(std::io::stdout(), "{style}{text}{style:#}");
    }
}

/// An error as a person reads it: the error and its causes on one line, the details below, a line each.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) message: String,
    pub(super) details: Vec<String>,
}

impl Outline {
    pub(super) fn of(error: &Error) -> Self {
        let (message, details) = error.outline();
        let message = error.source().map_or_else(|| message.clone(), |cause| format!("{message}: {}", chain(cause)));
        Self { message, details }
    }

    pub(super) fn plain(error: &(dyn StdError + 'static)) -> Self {
        Self { message: chain(error), details: Vec::new() }
    }
}

impl fmt::Display for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, details } = self;
        f.write_str(&printable(message))?;
        f.write_str(if details.is_empty() { "" } else { ":" })?;
        details.iter().try_for_each(|detail| write!(f, "\n  {}", printable(detail)))
    }
}

/// The error and its causes on one line.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let text = error.to_string();
    match error.source() {
        // SQLite's own words have been said; what follows is the same with its code.
        Some(_) if error.is::<rusqlite::Error>() => text,
        Some(cause) => format!("{text}: {}", chain(cause)),
        None => text,
    }
}

/// Where a database stands, in words.
fn standing<V: Versioned>(number: Option<i64>) -> String {
    let Some(number) = number else { return "the database is before the first migration".to_owned() };
    let label = V::from_number(number).map_or_else(|_| id(number), |version| version.to_string());
    format!("the database is at {label}")
}

/// `0003 to 0005: all or nothing, foreign keys enforced`
fn described(segment: Segment<'_>) -> String {
    let ids: Vec<String> = segment.steps().iter().map(|step| id(step.number())).collect();
    let range = match ids.as_slice() {
        [first, .., last] => format!("{first} to {last}"),
        ids => ids.concat(),
    };
    match (segment.is_atomic(), segment.enforces_foreign_keys()) {
        (true, false) => format!("{range}: all or nothing"),
        (true, true) => format!("{range}: all or nothing, foreign keys enforced"),
        (false, _) => format!("{range}: outside of a transaction"),
    }
}

fn id(number: i64) -> String {
    format!("{number:04}")
}
