//! What rows that are there may suffer from a table that is made anew.

use std::collections::BTreeSet;
use std::fmt;

use crate::schema::affinity::Affinity;
use crate::schema::index::Term;
use crate::schema::name::Ident;
use crate::schema::table::{Column, Constraint, Rule, Table};

/// Something that no rows need suffer, and some do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// The table.
    pub table: Ident,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Values are stored as something else.
    Converted {
        /// Of this column,
        column: Ident,
        /// in this way.
        how: &'static str,
    },
    /// A `STRICT` table takes no value of another type.
    Refused {
        /// Of this column,
        column: Ident,
        /// this type.
        declared_type: String,
    },
    /// A column takes no NULL any more.
    Null {
        /// This one.
        column: Ident,
    },
    /// Something has to hold that had not to.
    Constraint(Constraint),
}

/// What is asked of rows that was not asked of them before, where a value `is_given` if there is none.
pub(super) fn risks(name: &Ident, from: &Table, to: &Table, is_given: impl Fn(&Ident) -> bool) -> Vec<Risk> {
    let mut kinds = Vec::new();
    for column in to.columns.iter().filter(|column| column.generated.is_none()) {
        let Some(old) = from.columns.iter().find(|old| old.name == column.name) else { continue };
        let name = column.name.clone();
        if let Some(how) = conversion(from, old, to, column) {
            kinds.push(Kind::Converted { column: name.clone(), how });
        }
        if to.strict && !fits(from, old, column) {
            kinds.push(Kind::Refused { column: name.clone(), declared_type: column.declared_type.clone() });
        }
        let is_key = from.key().is_some_and(|key| key == [name.clone()]);
        if column.not_null.is_some() && old.not_null.is_none() && !is_key && !is_given(&name) {
            kinds.push(Kind::Null { column: name });
        }
    }
    let is_new =
        |constraint: &&Constraint| !from.constraints.iter().any(|old| asks_as_much(&old.rule, &constraint.rule));
    kinds.extend(to.constraints.iter().filter(is_new).cloned().map(Kind::Constraint));
    kinds.into_iter().map(|kind| Risk { table: name.clone(), kind }).collect()
}

/// Whether rows that satisfy the one satisfy the other.
fn asks_as_much(one: &Rule, other: &Rule) -> bool {
    let over = |terms: &[Term]| terms.iter().map(|term| term.expression.clone()).collect::<BTreeSet<_>>();
    match (one, other) {
        (
            Rule::PrimaryKey { terms: one, .. } | Rule::Unique(one),
            Rule::PrimaryKey { terms: other, .. } | Rule::Unique(other),
        ) => over(one) == over(other),
        (
            Rule::ForeignKey { columns, parent, parent_columns, .. },
            Rule::ForeignKey { columns: to_columns, parent: to_parent, parent_columns: to_parent_columns, .. },
        ) => (columns, parent, parent_columns) == (to_columns, to_parent, to_parent_columns),
        _ => one == other,
    }
}

/// How SQLite changes values that are copied, as the affinity of the column asks.
fn conversion(from: &Table, old: &Column, to: &Table, new: &Column) -> Option<&'static str> {
    match (stored(from, old), stored(to, new)) {
        (one, other) if one == other => None,
        (Affinity::Text | Affinity::Blob, Affinity::Integer | Affinity::Numeric | Affinity::Real) => {
            Some("text that looks like a number becomes one, and '007' becomes 7")
        }
        (Affinity::Integer | Affinity::Numeric, Affinity::Real) => {
            Some("whole numbers become floating point numbers, which are not exact beyond 2^53")
        }
        (Affinity::Integer | Affinity::Numeric | Affinity::Real | Affinity::Blob, Affinity::Text) => {
            Some("numbers become text, and '10' comes before '9'")
        }
        _ => None,
    }
}

fn stored(table: &Table, column: &Column) -> Affinity {
    if table.strict && column.declared_type == "ANY" { Affinity::Blob } else { Affinity::of(&column.declared_type) }
}

/// Whether a column of a STRICT table takes whatever was in the other.
fn fits(from: &Table, old: &Column, new: &Column) -> bool {
    let (before, after) = (stored(from, old), Affinity::of(&new.declared_type));
    let is_number = |affinity| matches!(affinity, Affinity::Integer | Affinity::Real);
    new.declared_type == "ANY"
        || from.strict
            && old.declared_type != "ANY"
            && (before == after || is_number(before) && matches!(after, Affinity::Real | Affinity::Text))
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, kind } = self;
        match kind {
            Kind::Converted { column, how } => write!(f, "in `{table}.{column}`, {how}"),
            Kind::Refused { column, declared_type } => {
                write!(f, "a value in `{table}.{column}` that is no {declared_type} stops it")
            }
            Kind::Null { column } => write!(f, "a row without a value in `{table}.{column}` stops it"),
            Kind::Constraint(constraint) => match &constraint.rule {
                Rule::Check(_) => write!(f, "a row of `{table}` that breaks {constraint} stops it"),
                Rule::PrimaryKey { .. } | Rule::Unique(_) => {
                    write!(f, "two rows of `{table}` that are alike in {constraint} stop it")
                }
                Rule::ForeignKey { .. } => {
                    write!(f, "a row of `{table}` that refers to nothing stops it: {constraint}")
                }
            },
        }
    }
}
