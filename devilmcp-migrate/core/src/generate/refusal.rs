//! Why a migration is not written.

use std::fmt;

use super::hint::Renaming;
use super::loss::Loss;
use crate::diff::Difference;
use crate::run::message;
use crate::schema::Key;
use crate::schema::name::Ident;

/// What has to be known or changed before a migration can be written.
#[derive(Debug)]
pub enum Refusal {
    /// Rows that are there have no value for a column that must have one.
    Value {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
    },
    /// A value was given for a column that needs none.
    Unused {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
    },
    /// A value that was given cannot be had of a row.
    Expression {
        /// The column that it is for.
        column: Ident,
        /// The value.
        value: String,
        /// Why.
        fault: String,
    },
    /// Something was not called so before.
    Renaming(Renaming),
    /// It loses data, and nobody has said why that is right.
    Reason(Vec<Loss>),
    /// A table has to be made anew, and cannot be understood.
    Unread(Key),
    /// SQLite does not do it.
    Fails {
        /// The statement.
        sql: String,
        /// What SQLite says.
        error: rusqlite::Error,
    },
    /// It does not lead to what is declared.
    Unreached(Vec<Difference>),
    /// SQLite cannot be used.
    Sqlite(rusqlite::Error),
}

impl Refusal {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Value { table, column } => format!(
                "say what it is in rows that are there, with `--default '{table}.{column}=EXPR'`, where EXPR may name the columns of the row as it was; or declare a DEFAULT"
            ),
            Self::Unused { .. } => {
                "leave --default away: it is for columns that are new, or become NOT NULL, in tables that are there".to_owned()
            }
            Self::Expression { .. } => {
                "--default takes an SQL expression, of which each row has one value; it may name the columns of the row as it was".to_owned()
            }
            Self::Renaming(_) => {
                "the old name must be one that the migrations make, and that is not declared any more; once it is renamed, the hint means nothing and can go".to_owned()
            }
            Self::Reason(_) => {
                "say why with `--reason TEXT`, which is written at its top as `-- migrate: allow(data_loss) TEXT`; if it has another name only, say so with `-- migrate: renamed_from(old)` beside it in schema.sql".to_owned()
            }
            Self::Unread(_) => "declare it in a form that is usual, or write this migration yourself".to_owned(),
            Self::Fails { .. } => "write this migration yourself; and if SQLite should do it, report this as a defect".to_owned(),
            Self::Unreached(_) | Self::Sqlite(_) => "report this as a defect".to_owned(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { table, column } => {
                write!(f, "column `{table}.{column}` must have a value, and has no DEFAULT")
            }
            Self::Unused { table, column } => write!(f, "no row needs a value for `{table}.{column}`"),
            Self::Expression { column, value, fault } => write!(f, "`{value}` is no value for `{column}`: {fault}"),
            Self::Renaming(Renaming { table, column: Some(column), old }) => {
                write!(f, "column `{table}.{column}` cannot have been `{old}` before")
            }
            Self::Renaming(Renaming { table, column: None, old }) => {
                write!(f, "table `{table}` cannot have been `{old}` before")
            }
            Self::Reason(losses) => {
                let losses: Vec<String> = losses.iter().map(Loss::to_string).collect();
                write!(f, "the migration loses {}", losses.join(", "))
            }
            Self::Unread(key) => write!(f, "{key} has to be made anew, and is not understood"),
            Self::Fails { sql, error } => {
                write!(f, "SQLite does not do it: {}, in `{}`", message(error), sql.lines().next().unwrap_or_default())
            }
            Self::Unreached(differences) => {
                let differences: Vec<String> = differences.iter().map(Difference::to_string).collect();
                write!(f, "the migration would not make what is declared: {}", differences.join("; "))
            }
            Self::Sqlite(error) => write!(f, "SQLite cannot be used to try the migration: {}", message(error)),
        }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}
