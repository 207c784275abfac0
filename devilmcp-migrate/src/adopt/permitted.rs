//! The differences that an adopted database may keep.

use std::collections::BTreeSet;

use devilmcp_migrate_core::diff::{Difference, TableDifference};
use devilmcp_migrate_core::schema::index::{Index, Term};
use devilmcp_migrate_core::schema::name::Ident;
use devilmcp_migrate_core::schema::table::{Constraint, Rule};
use devilmcp_migrate_core::schema::{Key, Kind};

/// Takes out of a list what an adopted database may keep: where a column should be UNIQUE and have a plain index, one UNIQUE
/// index of that name does as well. It stays, because a foreign key may rest on it; and the order of columns, which no later
/// migration can rely on.
pub(crate) fn without_permitted(mut differences: Vec<Difference>) -> Vec<Difference> {
    let unique: Vec<(Ident, Vec<Term>)> = differences.iter().filter_map(missing_unique).collect();
    let indexes: Vec<(Ident, Vec<Term>)> = differences.iter().filter_map(stricter_index).collect();
    differences.retain(|difference| {
        let order = matches!(difference, Difference::Table { about: TableDifference::ColumnOrder { .. }, .. });
        let replaced = missing_unique(difference).is_some_and(|constraint| indexes.contains(&constraint));
        let replacing = stricter_index(difference).is_some_and(|index| unique.contains(&index));
        !order && !replaced && !replacing
    });
    differences
}

/// Takes out the tables and views that no migration makes, and what is `on_them`: in an adopted database they may have been
/// there before.
pub(crate) fn without_others(mut differences: Vec<Difference>, on_them: &BTreeSet<Key>) -> Vec<Difference> {
    differences.retain(|difference| match difference {
        Difference::Unexpected { key, found: _ } => {
            !matches!(key.kind, Kind::Table | Kind::View) && !on_them.contains(key)
        }
        _ => true,
    });
    differences
}

/// The table and the columns of a UNIQUE constraint that is not there.
fn missing_unique(difference: &Difference) -> Option<(Ident, Vec<Term>)> {
    match difference {
        Difference::Table {
            name,
            about: TableDifference::MissingConstraint(Constraint { rule: Rule::Unique(terms), name: _, conflict }),
        } if conflict.as_str().is_empty() => Some((name.clone(), terms.clone())),
        _ => None,
    }
}

/// The table and the columns of an index that is as expected but for being UNIQUE over all rows.
fn stricter_index(difference: &Difference) -> Option<(Ident, Vec<Term>)> {
    let Difference::Index { expected, found, .. } = difference else { return None };
    let Index { table, unique, terms, filter } = expected;
    let same = *table == found.table && *terms == found.terms && filter.is_none() && found.filter.is_none();
    (same && !unique && found.unique).then(|| (table.clone(), terms.clone()))
}
