//! Everything that is printed, and the only place that prints.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use serde_json::Value;

use super::table::{Tone, lines};
use super::{Failure, document, verb};
use crate::plan::{Action, Plan};
use crate::report::Report;
use crate::status::Status;

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
            (Some(number), Some(name)) => self.line(Tone::Plain, &format!("{number:04} {}", printable(name))),
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
            0 => self.line(Tone::Good, "up to date"),
            1 => self.line(Tone::Attention, "1 migration is pending"),
            many => self.line(Tone::Attention, &format!("{many} migrations are pending")),
        }
        self.drift(status.drift());
        if let Some(refusal) = status.refusal() {
            self.line(Tone::Bad, &format!("an upgrade would be refused: {}", chain(refusal)));
        }
    }

    pub(super) fn plan(self, plan: &Plan) {
        if self.json {
            return self.document(&document::plan(plan));
        }
        if plan.steps().is_empty() {
            return self.line(Tone::Good, "nothing to do");
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
    }

    pub(super) fn report(self, report: &Report) {
        if self.json {
            return self.document(&document::report(report));
        }
        if report.is_noop() {
            self.line(Tone::Good, "nothing to do");
        } else {
            let rows = report.done().iter().map(|done| {
                let time = format!("{:.1} ms", done.duration().as_secs_f64() * 1000.0);
                (Tone::Plain, [id(done.number()), done.name().to_owned(), verb(done.action()).to_owned(), time])
            });
            self.table(["VERSION", "NAME", "WAS", "TIME"], &rows.collect::<Vec<_>>());
        }
        self.drift(report.drift());
        for violation in report.violations() {
            let text = violation.to_string();
            self.line(Tone::Attention, &format!("was there before: {}", printable(&text)));
        }
    }

    #[expect(clippy::print_stderr, reason = "this is the one place that prints")]
    pub(super) fn failure(self, failure: &Failure) {
        if self.json {
            self.document(&document::failure(failure));
        }
        let style = if self.error_colour { Tone::Bad.style() } else { Tone::Plain.style() };
        eprintln!("{style}error{style:#}: {}", chain(failure));
    }

    fn drift(self, drift: &[String]) {
        for difference in drift {
            self.line(Tone::Attention, &format!("drift: {}", printable(difference)));
        }
    }

    fn table<const N: usize>(self, head: [&str; N], rows: &[(Tone, [String; N])]) {
        for (tone, line) in lines(head, rows) {
            self.line(tone, &line);
        }
    }

    fn document(self, value: &Value) {
        self.line(Tone::Plain, &format!("{value:#}"));
    }

    #[expect(clippy::print_stdout, reason = "this is the one place that prints")]
    fn line(self, tone: Tone, text: &str) {
        let style = if self.colour { tone.style() } else { Tone::Plain.style() };
        println!("{style}{text}{style:#}");
    }
}

/// The error and its causes on one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    printable(&text)
}

/// A text with nothing in it that a terminal would obey: names come from a file that somebody else may have written.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|letter| if letter.is_control() { letter.escape_default().collect() } else { vec![letter] })
        .collect()
}

fn id(number: i64) -> String {
    format!("{number:04}")
}
