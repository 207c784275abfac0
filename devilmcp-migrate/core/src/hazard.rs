//! What can go wrong with rows, and may be allowed.

use crate::nearest::nearest;

/// What a migration may do to rows only if it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hazard {
    /// Values that were there are nowhere after it.
    DataLoss,
    /// It fails where rows have NULL, or no value for a new column.
    NotNull,
    /// It fails where rows break a new CHECK.
    Check,
    /// It fails where rows are alike.
    Unique,
    /// It fails where rows have values of another type.
    Type,
    /// It leaves rows whose foreign keys point at nothing.
    ForeignKey,
    /// Its way back gives up values that it kept itself.
    ReversalLoss,
    /// It leaves a view, a trigger or a foreign key that names what is not there.
    Reference,
}

impl Hazard {
    const ALL: [Self; 8] = [
        Self::DataLoss,
        Self::NotNull,
        Self::Check,
        Self::Unique,
        Self::Type,
        Self::ForeignKey,
        Self::ReversalLoss,
        Self::Reference,
    ];

    /// The word in `allow(…)`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataLoss => "data_loss",
            Self::NotNull => "not_null_violation",
            Self::Check => "check_violation",
            Self::Unique => "unique_violation",
            Self::Type => "type_violation",
            Self::ForeignKey => "foreign_key_violation",
            Self::ReversalLoss => "reversal_loss",
            Self::Reference => "broken_reference",
        }
    }

    /// The one whose word `word` is, or a misspelling of.
    pub(crate) fn meant(word: &str) -> Option<Self> {
        let word = nearest(word, Self::ALL.map(Self::as_str))?;
        Self::ALL.into_iter().find(|hazard| hazard.as_str() == word)
    }

    /// Reads `(data_loss) because nobody needs it`, with which `allow` goes on.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (word, reason) = text
            .trim_start()
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .ok_or("not of the form allow(hazard) reason")?;
        let known = Self::ALL.into_iter().find(|hazard| hazard.as_str() == word.trim());
        let hazard = known.ok_or_else(|| format!("can be allowed: {}", Self::ALL.map(Self::as_str).join(", ")))?;
        if reason.trim().is_empty() { Err("a reason is required: allow(hazard) reason".to_owned()) } else { Ok(hazard) }
    }
}
