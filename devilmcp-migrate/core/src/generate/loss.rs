//! What a migration that drops something gives up.

use std::fmt;

use crate::schema::name::Ident;

/// Something whose values are nowhere afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// The rows of a table.
    Rows(Ident),
    /// The values of a column.
    Column {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
    },
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(table) => write!(f, "the rows of `{table}`"),
            Self::Column { table, column } => write!(f, "the values of `{table}.{column}`"),
        }
    }
}
