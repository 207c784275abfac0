//! Two structures compared: what is missing, what is there instead. Pure.

mod facts;
mod table;

use std::fmt;

use crate::schema::index::Index;
use crate::schema::name::Ident;
use crate::schema::table::Constraint;
use crate::schema::{Key, Kind, Object, Schema};

pub use facts::Facts;
#[cfg(feature = "prove")]
pub(crate) use table::differences as table_differences;

/// One thing in which a structure is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// An object that should be there is not.
    Missing {
        /// Its name.
        key: Key,
        /// What it should be.
        expected: Object,
    },
    /// An object is there that should not be.
    Unexpected {
        /// Its name.
        key: Key,
        /// What it is.
        found: Object,
    },
    /// A table is there where a view should be, or the other way round.
    Kind {
        /// The name.
        name: Ident,
        /// What it should be.
        expected: Kind,
        /// What it is.
        found: Kind,
    },
    /// Something about a table.
    Table {
        /// The table.
        name: Ident,
        /// What about it.
        about: TableDifference,
    },
    /// An index is on something else.
    Index {
        /// Its name.
        name: Ident,
        /// What it should be.
        expected: Index,
        /// What it is.
        found: Index,
    },
    /// A view, a trigger or a virtual table has another text.
    Text {
        /// Its name.
        key: Key,
        /// What it should say.
        expected: String,
        /// What it says.
        found: String,
    },
}

/// What is different about a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableDifference {
    /// A column is not there.
    MissingColumn {
        /// The column.
        column: Ident,
        /// What it should be.
        expected: String,
    },
    /// A column is there that should not be.
    UnexpectedColumn {
        /// The column.
        column: Ident,
        /// What it is.
        found: String,
    },
    /// A column is not as it should be.
    Column {
        /// The column.
        column: Ident,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// The same columns, in another order.
    ColumnOrder {
        /// Their names in the order that they should have.
        expected: String,
        /// Their names as they stand.
        found: String,
    },
    /// A constraint is not there.
    MissingConstraint(Constraint),
    /// A constraint is there that should not be.
    UnexpectedConstraint(Constraint),
    /// `STRICT` or `WITHOUT ROWID`.
    Option {
        /// The option.
        option: &'static str,
        /// Whether it should be there.
        expected: bool,
    },
}

/// Everything in which `found` is not what is `expected`, in the order of the names.
pub fn differences(expected: &Schema, found: &Schema) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (key, object) in &expected.0 {
        match found.0.get(key) {
            Some(other) if other == object => {}
            Some(other) => compare(key, object, other, &mut differences),
            None => differences.push(match namesake(key, found) {
                Some(found) => Difference::Kind { name: key.name.clone(), expected: key.kind, found },
                None => Difference::Missing { key: key.clone(), expected: object.clone() },
            }),
        }
    }
    for (key, object) in &found.0 {
        if !expected.0.contains_key(key) && namesake(key, expected).is_none() {
            differences.push(Difference::Unexpected { key: key.clone(), found: object.clone() });
        }
    }
    differences
}

impl Difference {
    /// Whether all that is different is the order of columns.
    pub fn is_order(&self) -> bool {
        matches!(self, Self::Table { name: _, about: TableDifference::ColumnOrder { .. } })
    }
}

fn compare(key: &Key, expected: &Object, found: &Object, differences: &mut Vec<Difference>) {
    match (expected, found) {
        (Object::Table(expected), Object::Table(found)) => {
            let about = table::differences(expected, found);
            differences.extend(about.into_iter().map(|about| Difference::Table { name: key.name.clone(), about }));
        }
        (Object::Index(expected), Object::Index(found)) => {
            let (expected, found) = (expected.clone(), found.clone());
            differences.push(Difference::Index { name: key.name.clone(), expected, found });
        }
        (expected, found) => {
            let (expected, found) = (expected.to_string(), found.to_string());
            differences.push(Difference::Text { key: key.clone(), expected, found });
        }
    }
}

/// What has this name, if it is a table where a view is meant, or a view where a table is.
fn namesake(key: &Key, schema: &Schema) -> Option<Kind> {
    let other = match key.kind {
        Kind::Table => Kind::View,
        Kind::View => Kind::Table,
        Kind::Index | Kind::Trigger => return None,
    };
    schema.0.contains_key(&Key { kind: other, name: key.name.clone() }).then_some(other)
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { key, expected: _ } => write!(f, "{key} is missing"),
            Self::Unexpected { key, found: _ } => write!(f, "{key} is not expected"),
            Self::Kind { name, expected, found } => {
                write!(f, "`{name}` is a {}, expected a {}", found.as_str(), expected.as_str())
            }
            Self::Table { name, about } => write!(f, "table `{name}`: {about}"),
            Self::Index { name, expected, found } => write!(f, "index `{name}` is {found}, expected {expected}"),
            Self::Text { key, expected, found } => write!(f, "{key} is {found}, expected {expected}"),
        }
    }
}

impl fmt::Display for TableDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingColumn { column, expected: _ } => write!(f, "column `{column}` is missing"),
            Self::UnexpectedColumn { column, found: _ } => write!(f, "column `{column}` is not expected"),
            Self::Column { column, expected, found } => {
                write!(f, "column `{column}` is {found}, expected {expected}")
            }
            Self::ColumnOrder { .. } => f.write_str("the columns are in another order"),
            Self::MissingConstraint(constraint) => write!(f, "{constraint} is missing"),
            Self::UnexpectedConstraint(constraint) => write!(f, "{constraint} is not expected"),
            Self::Option { option, expected: true } => write!(f, "{option} is missing"),
            Self::Option { option, expected: false } => write!(f, "{option} is not expected"),
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) => match table.columns.len() {
                1 => f.write_str("a table of 1 column"),
                many => write!(f, "a table of {many} columns"),
            },
            Self::Index(index) => write!(f, "{index}"),
            Self::Other(text) => write!(f, "{text}"),
        }
    }
}
