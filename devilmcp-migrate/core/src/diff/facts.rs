//! A difference field by field.

use super::{Difference, TableDifference};
use crate::schema::Kind;
use crate::schema::name::Ident;

/// A difference field by field, for whoever does not want a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts<'a> {
    /// What kind of object it is about.
    pub object: Kind,
    /// Its name.
    pub name: &'a str,
    /// The column of the table, if it is about one.
    pub column: Option<&'a str>,
    /// What should be there; none if nothing should.
    pub expected: Option<String>,
    /// What is there; none if nothing is.
    pub found: Option<String>,
}

impl Difference {
    /// The same, field by field.
    pub fn facts(&self) -> Facts<'_> {
        let whole = |object, name, expected, found| Facts { object, name, column: None, expected, found };
        match self {
            Self::Missing { key, expected } => whole(key.kind, key.name.as_str(), Some(expected.to_string()), None),
            Self::Unexpected { key, found } => whole(key.kind, key.name.as_str(), None, Some(found.to_string())),
            Self::Kind { name, expected, found } => {
                let [wanted, there] = [expected, found].map(|kind| Some(format!("a {}", kind.as_str())));
                whole(*expected, name.as_str(), wanted, there)
            }
            Self::Table { name, about } => about.facts(name),
            Self::Index { name, expected, found } => {
                whole(Kind::Index, name.as_str(), Some(expected.to_string()), Some(found.to_string()))
            }
            Self::Text { key, expected, found } => {
                whole(key.kind, key.name.as_str(), Some(expected.clone()), Some(found.clone()))
            }
        }
    }
}

impl TableDifference {
    fn facts<'a>(&'a self, table: &'a Ident) -> Facts<'a> {
        let (column, expected, found) = match self {
            Self::MissingColumn { column, expected } => (Some(column), Some(expected.clone()), None),
            Self::UnexpectedColumn { column, found } => (Some(column), None, Some(found.clone())),
            Self::Column { column, expected, found } => (Some(column), Some(expected.clone()), Some(found.clone())),
            Self::ColumnOrder { expected, found } => (None, Some(expected.clone()), Some(found.clone())),
            Self::MissingConstraint(constraint) => (None, Some(constraint.to_string()), None),
            Self::UnexpectedConstraint(constraint) => (None, None, Some(constraint.to_string())),
            Self::Option { option, expected: true } => (None, Some((*option).to_owned()), None),
            Self::Option { option, expected: false } => (None, None, Some((*option).to_owned())),
        };
        Facts { object: Kind::Table, name: table.as_str(), column: column.map(Ident::as_str), expected, found }
    }
}
