//! Why there is no checkpoint.

use std::fmt;

use crate::run::message;

/// What keeps a database from being written down so that it is certain to be the same as running the migrations.
#[derive(Debug)]
pub enum Unprovable {
    /// The rows of this table are others at another time.
    Unsteady(String),
    /// This migration sets a pragma that may stay set.
    Pragma(String),
    /// Temporary objects are left.
    Temporary,
    /// There are statistics of `ANALYZE`.
    Statistics,
    /// This table calls columns by all the names of its rowid.
    Rowid(String),
    /// What this virtual table keeps is not what a new one would.
    Virtual(String),
    /// An object has a name of more than one line.
    Name,
    /// Written down and made again, it is not the same.
    Different,
    /// SQLite does not make it again.
    Sqlite(rusqlite::Error),
}

impl fmt::Display for Unprovable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsteady(table) => {
                write!(f, "the rows of `{table}` are others in every run: the time is in them, or what is random")
            }
            Self::Pragma(label) => write!(f, "{label} sets a pragma, which may stay set"),
            Self::Temporary => f.write_str("the migrations leave temporary objects behind"),
            Self::Statistics => f.write_str("the migrations leave statistics of ANALYZE behind"),
            Self::Rowid(table) => write!(f, "table `{table}` calls columns by all the names of its rowid"),
            Self::Virtual(table) => write!(f, "virtual table `{table}` keeps what cannot be written down"),
            Self::Name => f.write_str("an object has a name of more than one line"),
            Self::Different => f.write_str("written down and made again, the database is not the same"),
            Self::Sqlite(error) => write!(f, "SQLite does not make the database again: {}", message(error)),
        }
    }
}

impl From<rusqlite::Error> for Unprovable {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}
