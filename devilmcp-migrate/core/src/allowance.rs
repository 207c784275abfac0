//! What a migration may be allowed: `allow(word) reason`.

use crate::hazard::Hazard;
use crate::lint::Lint;
use crate::nearest::nearest;

/// What one `allow(…)` is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// What it does to rows.
    Hazard(Hazard),
    /// What a lint would say of it.
    Lint(Lint),
}

impl Allowance {
    fn all() -> impl Iterator<Item = Self> {
        Hazard::ALL.into_iter().map(Self::Hazard).chain(Lint::ALL.into_iter().map(Self::Lint))
    }

    /// The one that goes by this word.
    ///
    /// # Errors
    /// None does.
    pub fn named(word: &str) -> Result<Self, String> {
        Self::all()
            .find(|allowance| allowance.word() == word)
            .ok_or_else(|| format!("`{word}` is no hazard, and no lint"))
    }

    /// The word in `allow(…)`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hazard(hazard) => hazard.as_str(),
            Self::Lint(lint) => lint.name(),
        }
    }

    /// What to write instead of what follows `allow`, if that could not be read.
    pub(crate) fn correction(text: &str) -> String {
        let word = text.trim_start().strip_prefix('(').and_then(|rest| Some(rest.split_once(')')?.0.trim()));
        let words: Vec<&str> = Self::all().map(Self::word).collect();
        match word {
            Some(word) if words.contains(&word) => format!("write it as `-- migrate: allow({word}) reason`"),
            Some(word) => match nearest(word, words.iter().copied()) {
                Some(meant) => format!("did you mean `-- migrate: allow({meant}) reason`?"),
                None => format!("can be allowed: {}", words.join(", ")),
            },
            None => "write it as `-- migrate: allow(data_loss) reason`".to_owned(),
        }
    }

    /// Reads `(data_loss) because nobody needs it`, with which `allow` goes on.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (word, reason) = text
            .trim_start()
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .ok_or("not of the form allow(hazard) reason")?;
        let known = Self::named(word.trim())?;
        if reason.trim().is_empty() { Err("a reason is required: allow(hazard) reason".to_owned()) } else { Ok(known) }
    }
}
