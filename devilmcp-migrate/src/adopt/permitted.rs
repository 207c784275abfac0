//! The differences that an adopted database may keep.

use devilmcp_migrate_core::diff::{Difference, TableDifference};
use devilmcp_migrate_core::schema::Kind;
use devilmcp_migrate_core::schema::index::Index;
use devilmcp_migrate_core::schema::table::{Constraint, Rule};

/// Takes out of a list what an adopted database may keep: where a column should be UNIQUE and have a plain index, one UNIQUE
/// index of that name does as well. It stays, because a foreign key may rest on it; and the order of columns, which no later
/// migration can rely on.
pub(crate) fn without_permitted(differences: Vec<Difference>) -> Vec<Difference> {
    let indexes: Vec<Index> = differences.iter().filter_map(stricter_index).cloned().collect();
    let serves = |difference: &Difference| match difference {
        Difference::Table {
            name,
            about: TableDifference::MissingConstraint(Constraint { rule: Rule::Unique(terms), .. }),
        } => indexes.iter().any(|index| index.table == *name && index.terms == *terms),
        _ => false,
    };
    let replaced: Vec<bool> = differences.iter().map(serves).collect();
    let is_backed = |index: &Index| {
        differences.iter().zip(&replaced).any(|(difference, replaced)| {
            *replaced && matches!(difference, Difference::Table { name, .. } if *name == index.table)
        })
    };
    let keep: Vec<bool> = differences
        .iter()
        .zip(&replaced)
        .map(|(difference, replaced)| {
            let order = matches!(difference, Difference::Table { about: TableDifference::ColumnOrder, .. });
            !*replaced && !order && !stricter_index(difference).is_some_and(is_backed)
        })
        .collect();
    differences.into_iter().zip(keep).filter_map(|(difference, keep)| keep.then_some(difference)).collect()
}

/// Takes out the tables and views that no migration makes: in an adopted database they may have been there before.
pub(crate) fn without_others(mut differences: Vec<Difference>) -> Vec<Difference> {
    differences.retain(|difference| {
        !matches!(difference, Difference::Unexpected { key } if matches!(key.kind, Kind::Table | Kind::View))
    });
    differences
}

/// The index that was found, if it is as expected but for being UNIQUE over all rows.
fn stricter_index(difference: &Difference) -> Option<&Index> {
    let Difference::Index { expected, found, .. } = difference else { return None };
    let Index { table, unique, terms, filter } = expected;
    let same = *table == found.table && *terms == found.terms && filter.is_none() && found.filter.is_none();
    (same && !unique && found.unique).then_some(found)
}
