//! The structure of a database as plain data: compared by what it means, never by its text.
//!
//! SQLite keeps the text of every `CREATE` in `sqlite_schema`, and `ALTER TABLE` edits that text; no pragma tells CHECKs,
//! collations or `AUTOINCREMENT`. So the text is what is read here, cut into tokens. SQLite has accepted it before, which
//! is why this reader may be small: what it does not understand it keeps as normalised text, and compares as such.

pub(crate) mod affinity;
pub(crate) mod checks;
mod constraint;
mod cursor;
mod fingerprint;
pub mod index;
pub mod name;
mod read;
pub mod sql;
pub mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use index::Index;
use name::Ident;
use sql::Sql;
use table::Table;

pub use read::{HISTORY_PREFIX, object};
#[cfg(feature = "prove")]
pub(crate) use read::{is_internal, shadow_tables};

/// Everything in a database but its rows, SQLite's own tables and ours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Schema(pub BTreeMap<Key, Object>);

/// What an object is called. Tables and views share one name space in SQLite, but keep apart here, so that one in the place
/// of the other can be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: Ident,
}

/// The kinds of object in `sqlite_schema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A table, virtual ones included.
    Table,
    /// An index that has a name.
    Index,
    /// A view.
    View,
    /// A trigger.
    Trigger,
}

/// One object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Object {
    /// An ordinary table.
    Table(Table),
    /// An index.
    Index(Index),
    /// A view, a trigger or a virtual table; and what could not be read as the above.
    Other(Sql),
}

impl Kind {
    /// The word in the column `type` of `sqlite_schema`.
    pub fn from_type(kind: &str) -> Option<Self> {
        [Self::Table, Self::Index, Self::View, Self::Trigger].into_iter().find(|known| known.as_str() == kind)
    }

    /// That word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Index => "index",
            Self::View => "view",
            Self::Trigger => "trigger",
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind.as_str(), self.name)
    }
}
