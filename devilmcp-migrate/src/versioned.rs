//! What every generated `Version` can do.

use std::fmt;
use std::hash::Hash;

use devilmcp_migrate_core::name::variant;

/// Implemented by the `Version` that [`migrations!`](crate::migrations!) generates, and meant for it alone.
pub trait Versioned: Copy + fmt::Debug + fmt::Display + Eq + Ord + Hash + Send + Sync + 'static {
    /// Every version, oldest first.
    const ALL: &'static [Self];

    /// The migration's number; 1 or more.
    fn number(self) -> i64;

    /// The migration's name: `add_tags`.
    fn name(self) -> &'static str;

    /// The version with this number.
    ///
    /// # Errors
    /// There is none.
    fn from_number(number: i64) -> Result<Self, UnknownVersion> {
        let found = Self::ALL.iter().find(|version| version.number() == number);
        found.copied().ok_or_else(|| UnknownVersion::new::<Self>(&number.to_string()))
    }

    /// The version that is meant by a number (`7`, `0007`), a name (`add_tags`) or both (`0007_add_tags`).
    ///
    /// # Errors
    /// None is.
    fn parse(text: &str) -> Result<Self, UnknownVersion> {
        let number = text.parse::<i64>().ok();
        let is_meant =
            |version: &&Self| number == Some(version.number()) || version.name() == text || version.to_string() == text;
        Self::ALL.iter().find(is_meant).copied().ok_or_else(|| UnknownVersion::new::<Self>(text))
    }
}

/// Writes what a derive would write; but for that, a program keeps every name twice.
///
/// # Errors
/// The formatter's.
pub fn debug<V: Versioned>(version: V, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(&variant(version.number(), version.name()))
}

/// No migration in this program has that number or name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVersion {
    text: String,
    first: Option<String>,
    last: Option<String>,
}

impl UnknownVersion {
    fn new<V: Versioned>(text: &str) -> Self {
        let [first, last] = [V::ALL.first(), V::ALL.last()].map(|version| version.map(ToString::to_string));
        Self::among(text, first, last)
    }

    /// Where these are the ends of those that there are.
    pub(crate) fn among(text: &str, first: Option<String>, last: Option<String>) -> Self {
        Self { text: text.to_owned(), first, last }
    }
}

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no migration {:?}", self.text)?;
        match (&self.first, &self.last) {
            (Some(first), Some(last)) => write!(f, ": there are {first} to {last}"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for UnknownVersion {}
