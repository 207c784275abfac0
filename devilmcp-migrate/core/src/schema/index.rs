//! Indexes, and the lists of columns that keys and indexes are made of.

use std::fmt;

use super::cursor::{Cursor, split_at_commas};
use super::name::Ident;
use super::sql::Sql;
use crate::token::Token;

/// An index that somebody created by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Index {
    /// The table it is on.
    pub table: Ident,
    /// Whether it forbids duplicates.
    pub unique: bool,
    /// What it is over, in order.
    pub terms: Vec<Term>,
    /// Its `WHERE`.
    pub filter: Option<Sql>,
}

/// One column of a key, or one column or expression of an index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// The column or expression, with its `COLLATE` if it has one.
    pub expression: Sql,
    /// Whether it is sorted downwards.
    pub descending: bool,
}

impl Index {
    /// Reads what stands in `sqlite_schema`: `CREATE [UNIQUE] INDEX name ON table (…) [WHERE …]`.
    pub(super) fn parse(tokens: &[Token<'_>]) -> Option<Self> {
        let mut cursor = Cursor::new(tokens);
        cursor.take(&["CREATE"]);
        let unique = cursor.take(&["UNIQUE"]);
        cursor.take(&["INDEX"]).then_some(())?;
        cursor.ident()?;
        cursor.take(&["ON"]).then_some(())?;
        let table = cursor.ident()?;
        let terms = Term::list(cursor.parenthesized()?);
        let filter = if cursor.take(&["WHERE"]) { Some(Sql::new(cursor.remainder())) } else { None };
        cursor.is_at_end().then_some(Self { table, unique, terms, filter })
    }
}

impl Term {
    /// Reads a list of columns or expressions that commas separate.
    pub(super) fn list(tokens: &[Token<'_>]) -> Vec<Self> {
        split_at_commas(tokens).into_iter().map(Self::parse).collect()
    }

    fn parse(tokens: &[Token<'_>]) -> Self {
        // A column may be called `desc`.
        let (rest, descending) = match tokens {
            [rest @ .., last] if !rest.is_empty() && last.is("DESC") => (rest, true),
            [rest @ .., last] if !rest.is_empty() && last.is("ASC") => (rest, false),
            all => (all, false),
        };
        // Whatever its quotes, what stands alone is a name.
        let (term, collation) = match rest {
            [term, collate, collation @ ..] if collate.is("COLLATE") => (term, collation),
            [term] => (term, &[][..]),
            _ => return Self { expression: Sql::new(rest), descending },
        };
        let Some(name) = Ident::from_token(term) else { return Self { expression: Sql::new(rest), descending } };
        let expression = Sql::name(&name);
        let expression = if collation.is_empty() { expression } else { expression.collated(&Sql::new(collation)) };
        Self { expression, descending }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.expression, if self.descending { " DESC" } else { "" })
    }
}

/// `UNIQUE INDEX ON tools (name)`
impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, unique, terms, filter } = self;
        write!(f, "{}INDEX ON {table} ({})", if *unique { "UNIQUE " } else { "" }, Joined(terms))?;
        filter.iter().try_for_each(|filter| write!(f, " WHERE {filter}"))
    }
}

/// A list with commas.
pub(super) struct Joined<'a, T>(pub(super) &'a [T]);

impl<T: fmt::Display> fmt::Display for Joined<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(at, item)| write!(f, "{}{item}", if at == 0 { "" } else { ", " }))
    }
}
