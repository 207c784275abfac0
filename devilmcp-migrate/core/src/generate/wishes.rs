//! What a person has said about a migration that is to be written.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::fault;
use super::hint::Renaming;
use super::target::Target;
use crate::allowance::Allowance;
use crate::schema::name::Ident;
use crate::token::{Token, significant};

/// What was said beforehand.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// The value of a column, for rows that have none: an expression over the columns of the row as it was.
    pub defaults: BTreeMap<(Ident, Ident), String>,
    /// What was called otherwise before.
    pub renamings: Vec<Renaming>,
    /// Whether columns are to stand in the order that is declared.
    pub order: Order,
    /// The oldest SQLite that is to run it.
    pub target: Target,
    /// Why data may be lost, or whatever else is allowed.
    pub reason: Option<String>,
    /// What is allowed, beside losses that were meant.
    pub allowed: Vec<Allowance>,
}

/// What is to become of columns that are all there, but in another order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// They stay where they are, and new ones stand behind them.
    #[default]
    Kept,
    /// The table is made anew.
    Declared,
}

impl Wishes {
    /// Reads `table.column=EXPR`.
    ///
    /// # Errors
    /// It is something else, or no expression.
    pub fn value(text: &str) -> Result<((Ident, Ident), String), String> {
        let tokens: Vec<Token<'_>> = significant(text).take(4).collect();
        let given = match tokens.as_slice() {
            [table, dot, column, equals] if dot.is_operator(".") && equals.is_operator("=") => {
                let value = text[equals.range().end..].trim();
                let names = Ident::from_token(table).zip(Ident::from_token(column));
                names.filter(|_| !value.is_empty()).map(|names| (names, value.to_owned()))
            }
            _ => None,
        };
        let (names, value) = given.ok_or_else(|| "write it as TABLE.COLUMN=EXPR".to_owned())?;
        match fault(&value) {
            None => Ok((names, value)),
            Some(fault) => Err(format!("{value} is no SQL expression: {fault}")),
        }
    }

    pub(super) fn default(&self, table: &Ident, column: &Ident) -> Option<&str> {
        self.defaults.get(&(table.clone(), column.clone())).map(String::as_str)
    }

    /// Each value of a table, with its column.
    pub(super) fn defaults_of(&self, table: &Ident) -> impl Iterator<Item = (&Ident, &str)> {
        let given = self.defaults.iter().filter(move |((of, _), _)| of == table);
        given.map(|((_, column), value)| (column, value.as_str()))
    }

    /// A column whose value nobody asked for.
    pub(super) fn unused(&self, asked: &BTreeSet<(Ident, Ident)>) -> Option<&(Ident, Ident)> {
        self.defaults.keys().find(|given| !asked.contains(given))
    }
}
