//! How much each lint has to say.

use super::{Lint, unknown};
use crate::problem::Problem;
use crate::rule;

/// How much one lint has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Nothing.
    Allow,
    /// A warning.
    Warn,
    /// An error: the build stops.
    Deny,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Warn, Self::Deny];

    /// The word that a user writes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    /// The level of this name.
    ///
    /// # Errors
    /// There is none; the text says which may have been meant.
    pub fn named(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|level| level.name() == word);
        known.ok_or_else(|| unknown("level", word, &Self::ALL.map(Self::name)))
    }
}

/// The level of every lint, and whether it was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels([(Level, bool); Lint::ALL.len()]);

impl Levels {
    /// No lint says anything.
    pub const SILENT: Self = Self([(Level::Allow, true); Lint::ALL.len()]);

    /// The level of one lint.
    pub fn of(&self, lint: Lint) -> Level {
        self.0[lint as usize].0
    }

    /// These, but for one lint.
    #[must_use]
    pub fn with(mut self, lint: Lint, level: Level) -> Self {
        self.0[lint as usize] = (level, true);
        self
    }

    /// These, but for one lint, unless its level was chosen.
    pub(crate) fn by_default(self, lint: Lint, level: Level) -> Self {
        if self.0[lint as usize].1 { self } else { self.with(lint, level) }
    }

    /// Whether the lint says nothing.
    pub(crate) fn allow(&self, lint: Lint) -> bool {
        self.of(lint) == Level::Allow
    }

    /// What the lint has found, as the caller wants to hear of it; none if not at all.
    pub(crate) fn apply(&self, lint: Lint, mut problem: Problem) -> Option<Problem> {
        problem.level = match self.of(lint) {
            Level::Allow => return None,
            Level::Warn => rule::Level::Warning,
            Level::Deny => rule::Level::Error,
        };
        Some(problem)
    }
}

impl Default for Levels {
    fn default() -> Self {
        Self(Lint::ALL.map(|lint| (lint.default_level(), false)))
    }
}
