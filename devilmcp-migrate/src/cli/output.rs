//! Everything that is printed, and the only place that prints.

use std::cell::Cell;
use std::io::{IsTerminal as _, Stderr, Stdin, Write as _};
use std::sync::Arc;

use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::render;
use serde_json::Value;

use super::document;
use super::failure::Failure;
use super::table::{Tone, lines};
use crate::printable::{escape, printable};

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

    /// What is wrong with a directory, a paragraph each.
    pub(super) fn problems(self, problems: &[Problem]) {
        for problem in problems {
            let tone = if problem.is_error() { Tone::Bad } else { Tone::Attention };
            let text = if self.error_colour { render::coloured(problem) } else { render::plain(problem) };
            self.complain(tone, problem.level.name(), &format!("{text}\n"));
        }
    }

    /// Why there is no answer; in JSON it is one, too.
    pub(super) fn failure(self, failure: &Failure) {
        if self.json {
            self.document(&document::failure(failure));
        }
        self.error(&failure.outline().to_string());
    }

    pub(super) fn error(self, text: &str) {
        self.complain(Tone::Bad, "error", text);
    }

    /// Why nothing was done, and what to do about that.
    pub(super) fn refusal(self, what: &str, help: &str) {
        self.error(&format!("{what}\n  = help: {help}"));
    }

    fn complain(self, tone: Tone, level: &str, text: &str) {
        let style = if self.error_colour { tone.style() } else { Tone::Plain.style() };
        let _ = writeln!(std::io::stderr(), "{style}{level}{style:#}: {text}");
    }

    /// Where a run can be followed, if a person reads what is said on standard error.
    pub(super) fn terminal(self) -> Option<Terminal> {
        let obeys = std::env::var_os("TERM").is_none_or(|name| name != "dumb");
        (obeys && !self.json && std::io::stderr().is_terminal()).then(|| Terminal(Arc::new(std::io::stderr())))
    }

    /// Whoever can be asked: a person reads what is said on standard error, and types on standard input; and reads the answer, too,
    /// where that is `shown`.
    pub(super) fn person(self, shown: bool) -> Option<Person> {
        let person = Person { hears: std::io::stderr(), types: std::io::stdin(), has_left: Cell::new(false) };
        let is_read = !shown || std::io::stdout().is_terminal();
        (!self.json && is_read && person.hears.is_terminal() && person.types.is_terminal()).then_some(person)
    }

    pub(super) fn is_json(self) -> bool {
        self.json
    }

    pub(super) fn list(self, head: &str, items: &[String]) {
        if !items.is_empty() {
            self.line(Tone::Attention, head);
        }
        for item in items {
            self.line(Tone::Attention, &format!("  {}", printable(item)));
        }
    }

    pub(super) fn table<const N: usize>(self, head: [&str; N], rows: &[(Tone, [String; N])]) {
        if rows.is_empty() {
            return;
        }
        for (tone, line) in lines(head, rows) {
            self.line(tone, &line);
        }
    }

    /// A script, byte for byte; but a terminal is not told what it would obey.
    pub(super) fn script(self, text: &str) {
        let is_control = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
        let shown = if std::io::stdout().is_terminal() {
            escape(text, is_control, |letter| letter.escape_default().to_string())
        } else {
            text.to_owned()
        };
        self.line(Tone::Plain, shown.trim_end());
    }

    /// The same, with lines below each row.
    pub(super) fn table_with<const N: usize>(
        self,
        head: [&str; N],
        rows: &[(Tone, [String; N])],
        below: &[Vec<(Tone, String)>],
    ) {
        let mut lines = lines(head, rows).into_iter().filter(|_| !rows.is_empty());
        if let Some((tone, line)) = lines.next() {
            self.line(tone, &line);
        }
        for ((tone, line), below) in lines.zip(below) {
            self.line(tone, &line);
            for (tone, line) in below {
                self.line(*tone, &format!("    {line}"));
            }
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

/// Somebody at a terminal.
#[derive(Debug)]
pub(super) struct Person {
    hears: Stderr,
    types: Stdin,
    has_left: Cell<bool>,
}

impl Person {
    /// Asks for a line; none if nothing is typed, or nobody is there any more.
    pub(super) fn answer(&self, question: &str) -> Option<String> {
        if self.has_left.get() {
            return None;
        }
        let _ = write!(self.hears.lock(), "{} ", printable(question));
        let mut line = String::new();
        if !self.types.read_line(&mut line).is_ok_and(|read| read > 0) {
            // Nobody has ended the line, and nobody is asked again.
            let _ = writeln!(self.hears.lock());
            self.has_left.set(true);
            return None;
        }
        Some(line.trim().to_owned()).filter(|line| !line.is_empty())
    }
}

/// Standard error, where a person reads it.
#[derive(Debug, Clone)]
pub(super) struct Terminal(Arc<Stderr>);

impl Terminal {
    /// A line that stays.
    pub(super) fn line(&self, text: &str) {
        self.instead(&format!("{text}\n"));
    }

    /// A line that is gone when the next one comes; not longer than one, or a part of it would stay.
    pub(super) fn passing(&self, text: &str) {
        let short: String = text.chars().take(COLUMNS).collect();
        self.instead(&short);
    }

    /// Nothing goes on any more.
    pub(super) fn clear(&self) {
        self.instead("");
    }

    fn instead(&self, text: &str) {
        // Back to the first column, and what is there erased: ECMA-48's EL.
        let _ = write!(self.0.lock(), "\r\x1b[K{text}");
    }
}

/// What every terminal has, less the one where the cursor stays.
const COLUMNS: usize = 79;
