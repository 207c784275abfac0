//! What can be wrong with a directory of migrations, and how it is said.
//!
//! The wording of every rule stands in [`rule`](crate::rule), so that the macro and the command line agree.

use std::ops::Range;

use crate::rule::Rule;
use crate::source::SourceFile;

/// One thing that is wrong: what, where, and what to do about it.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// What is wrong here, in one line; the rule's title if the case adds nothing to it.
    pub title: String,
    /// Where.
    pub place: Place,
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
    /// Some bytes of a file, with a few words to stand beside them.
    Text {
        /// The file.
        file: SourceFile,
        /// The bytes.
        range: Range<usize>,
        /// The words.
        label: String,
    },
}

impl Problem {
    /// A problem with a whole file or folder.
    pub fn at_path(rule: &'static Rule, path: impl Into<String>) -> Self {
        let place = Place::Path(path.into());
        Self { rule, title: rule.title.to_owned(), place, help: None, notes: Vec::new() }
    }

    /// A problem with some bytes of a file.
    pub fn at_text(rule: &'static Rule, file: &SourceFile, range: Range<usize>, label: impl Into<String>) -> Self {
        let place = Place::Text { file: file.clone(), range, label: label.into() };
        Self { rule, title: rule.title.to_owned(), place, help: None, notes: Vec::new() }
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
        self.found.iter().any(|problem| problem.rule.is_error())
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
