//! What can be wrong with a directory of migrations, and how it is said.
//!
//! The wording of every rule stands in [`rule`](crate::rule), so that the macro and the command line agree.

use std::ops::Range;

use crate::rule::{Level, Rule};
use crate::source::SourceFile;

/// One thing that is wrong: what, where, and what to do about it.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// Whether it stops the build: as the rule says, unless the caller decided otherwise.
    pub level: Level,
    /// What is wrong here, in one line; the rule's title if the case adds nothing to it.
    pub title: String,
    /// Where.
    pub place: Place,
    /// Other places that one has to see to understand it, of this file or of others.
    pub beside: Vec<Label>,
    /// What to do, if that can be said better than the rule says it.
    pub help: Option<String>,
    /// More facts, a line each.
    pub notes: Vec<String>,
}

/// Where a problem is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file or folder as a whole, named as the user would.
    Path(String),
    /// Some bytes of a file.
    Text(Label),
}

/// Some bytes of a file, with a few words to stand beside them.
#[derive(Debug, Clone)]
pub struct Label {
    /// The file.
    pub file: SourceFile,
    /// The bytes.
    pub range: Range<usize>,
    /// The words.
    pub text: String,
}

impl Problem {
    /// A problem with a whole file or folder.
    pub fn at_path(rule: &'static Rule, path: impl Into<String>) -> Self {
        Self::at(rule, Place::Path(path.into()))
    }

    /// A problem with some bytes of a file.
    pub fn at_text(rule: &'static Rule, file: &SourceFile, range: Range<usize>, label: impl Into<String>) -> Self {
        Self::at(rule, Place::Text(Label { file: file.clone(), range, text: label.into() }))
    }

    fn at(rule: &'static Rule, place: Place) -> Self {
        let title = rule.title.to_owned();
        Self { rule, level: rule.level, title, place, beside: Vec::new(), help: None, notes: Vec::new() }
    }

    /// Whether it stops the build.
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }

    /// With another place that one has to see.
    #[must_use]
    pub fn with(mut self, file: &SourceFile, range: Range<usize>, text: impl Into<String>) -> Self {
        self.beside.push(Label { file: file.clone(), range, text: text.into() });
        self
    }

    /// The same under another rule.
    #[must_use]
    pub fn under(mut self, rule: &'static Rule) -> Self {
        (self.rule, self.level) = (rule, rule.level);
        self
    }

    /// With a title that tells more than the rule's.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With advice that fits this case better than the rule's.
    #[must_use]
    pub fn helped(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With one more fact.
    #[must_use]
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// Collects every problem of a stage, so that one build shows all mistakes.
#[derive(Debug, Default)]
#[must_use = "call `finish` to learn whether anything went wrong"]
pub struct Problems {
    found: Vec<Problem>,
    finished: bool,
}

impl Problems {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.found.push(problem);
    }

    /// Adds several.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.found.extend(problems);
    }

    /// Whether anything was found that must stop the build.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(Problem::is_error)
    }

    /// Whether one of these rules was broken.
    pub fn has(&self, rules: &[&Rule]) -> bool {
        self.found.iter().any(|problem| rules.contains(&problem.rule))
    }

    /// What was found, in the order it was found.
    pub fn finish(mut self) -> Vec<Problem> {
        self.finished = true;
        std::mem::take(&mut self.found)
    }
}

impl Drop for Problems {
    fn drop(&mut self) {
        debug_assert!(self.finished || std::thread::panicking(), "problems were collected and never looked at");
    }
}
