//! Lints: what works, and is seldom meant. The caller chooses for each whether it stops the build, is said, or is let pass.
//!
//! Only migrations that are not locked are judged, each by what is left of it at the end: what has shipped cannot be
//! changed, and what a later migration mends is mended. Nor is a baseline judged, which says what is there already.

mod condition;
mod course;
mod declared_type;
mod family;
mod finding;
mod foreign_key;
mod index;
mod judge;
mod levels;
mod name;
mod primary_key;
pub(crate) mod renaming;
mod report;
mod site;
mod spot;
mod stale;
mod value;

use crate::nearest::nearest;
use crate::rule::{self, Rule};

pub(crate) use course::{Course, Former};
pub(crate) use judge::judge;
pub use levels::{Level, Levels};
pub(crate) use stale::catch_up;

/// One lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lint {
    /// A migration has no way back, and does not call itself irreversible.
    MissingDown,
    /// A foreign key has no index on its columns.
    UnindexedForeignKey,
    /// A table has no primary key, and nothing else that is unique.
    MissingPrimaryKey,
    /// An index is over exactly what another, or a key, is over.
    RedundantIndex,
    /// An index is the beginning of a longer one.
    PrefixIndex,
    /// A statement says `IF NOT EXISTS` or `IF EXISTS`.
    HiddenDrift,
    /// A migration writes what is random, or the time.
    UnrepeatableValue,
    /// A declared type is not what SQLite takes it for.
    UnenforcedType,
    /// A name is a word of SQL's, or hides the rowid.
    ReservedName,
    /// `schema.sql` declares what a migration has dropped or renamed.
    StaleDeclaration,
    /// A statement with `IF NOT EXISTS` defines something of which there is another one.
    IgnoredDefinition,
}

impl Lint {
    /// Every lint.
    pub const ALL: [Self; 11] = [
        Self::MissingDown,
        Self::UnindexedForeignKey,
        Self::MissingPrimaryKey,
        Self::RedundantIndex,
        Self::PrefixIndex,
        Self::HiddenDrift,
        Self::UnrepeatableValue,
        Self::UnenforcedType,
        Self::ReservedName,
        Self::StaleDeclaration,
        Self::IgnoredDefinition,
    ];

    /// The word that a user writes.
    pub fn name(self) -> &'static str {
        match self {
            Self::MissingDown => "missing_down",
            Self::UnindexedForeignKey => "unindexed_foreign_key",
            Self::MissingPrimaryKey => "missing_primary_key",
            Self::RedundantIndex => "redundant_index",
            Self::PrefixIndex => "prefix_index",
            Self::HiddenDrift => "hidden_drift",
            Self::UnrepeatableValue => "unrepeatable_value",
            Self::UnenforcedType => "unenforced_type",
            Self::ReservedName => "reserved_name",
            Self::StaleDeclaration => "stale_declaration",
            Self::IgnoredDefinition => "ignored_definition",
        }
    }

    /// What it says.
    pub fn rule(self) -> &'static Rule {
        match self {
            Self::MissingDown => &rule::MISSING_DOWN,
            Self::UnindexedForeignKey => &rule::UNINDEXED_FOREIGN_KEY,
            Self::MissingPrimaryKey => &rule::MISSING_PRIMARY_KEY,
            Self::RedundantIndex => &rule::REDUNDANT_INDEX,
            Self::PrefixIndex => &rule::PREFIX_INDEX,
            Self::HiddenDrift => &rule::HIDDEN_DRIFT,
            Self::UnrepeatableValue => &rule::UNREPEATABLE_VALUE,
            Self::UnenforcedType => &rule::UNENFORCED_TYPE,
            Self::ReservedName => &rule::KEYWORD_NAME,
            Self::StaleDeclaration => &rule::STALE_DECLARATION,
            Self::IgnoredDefinition => &rule::IGNORED_DEFINITION,
        }
    }

    /// The lint that says this, if it is one.
    pub fn of(rule: &Rule) -> Option<Self> {
        Self::ALL.into_iter().find(|lint| lint.rule() == rule)
    }

    /// Its level where the caller does not choose one. What would speak on most schemas, and is a matter of taste, is let
    /// pass.
    pub fn default_level(self) -> Level {
        match self {
            Self::MissingDown | Self::StaleDeclaration => Level::Deny,
            Self::RedundantIndex | Self::UnenforcedType | Self::IgnoredDefinition => Level::Warn,
            Self::UnindexedForeignKey
            | Self::MissingPrimaryKey
            | Self::PrefixIndex
            | Self::HiddenDrift
            | Self::UnrepeatableValue
            | Self::ReservedName => Level::Allow,
        }
    }

    /// The lint of this name.
    ///
    /// # Errors
    /// There is none; the text says which may have been meant.
    pub fn named(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|lint| lint.name() == word);
        known.ok_or_else(|| unknown("lint", word, &Self::ALL.map(Self::name)))
    }
}

/// That a word is none of those that are known.
fn unknown(what: &str, word: &str, known: &[&'static str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(meant) => format!("there is no {what} `{word}`: did you mean `{meant}`?"),
        None => format!("there is no {what} `{word}`: the {what}s are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lint_is_known_by_its_name() {
        for lint in Lint::ALL {
            assert_eq!(Lint::named(lint.name()), Ok(lint));
            assert_eq!(Levels::default().of(lint), lint.default_level());
            // What would be an error without the word has another remedy.
            let advice = lint.rule().help;
            assert!(lint.default_level() == Level::Deny || advice.contains(lint.name()), "{advice}");
        }
        let error = Lint::named("unindexed_foriegn_key").unwrap_err();
        assert_eq!(error, "there is no lint `unindexed_foriegn_key`: did you mean `unindexed_foreign_key`?");
        assert!(Lint::named("all").unwrap_err().contains("the lints are missing_down, "));
    }
}
