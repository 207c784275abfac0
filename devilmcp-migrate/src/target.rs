//! How far to go.

use crate::versioned::Versioned;

/// Where an upgrade or a downgrade ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target<V> {
    /// After the newest migration of this program.
    Latest,
    /// After this migration.
    Version(V),
    /// Before the first migration.
    Empty,
}

impl<V> From<V> for Target<V> {
    fn from(version: V) -> Self {
        Self::Version(version)
    }
}

impl<V: Versioned> Target<V> {
    /// As a number: 0 is before the first migration.
    pub(crate) fn number(self, latest: i64) -> i64 {
        match self {
            Self::Latest => latest,
            Self::Version(version) => version.number(),
            Self::Empty => 0,
        }
    }
}
