//! What was there before and is nowhere after.

mod report;

use std::collections::BTreeSet;
use std::fmt;

use super::contents::{Cells, Column, Contents};
use super::mark::{Counts, Mark};
use crate::schema::name::Ident;

pub(super) use report::{report, with_declarations};

/// A column some of whose values are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) table: Ident,
    pub(super) column: Ident,
    pub(super) kind: LossKind,
    pub(super) marks: BTreeSet<Mark>,
}

/// How the values went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LossKind {
    /// They are nowhere.
    Gone,
    /// They are in another column, whose values are in this one.
    Swapped(Ident),
}

/// The values of the tables `touched` that were there `before` and are nowhere `after`.
///
/// What cannot be decided is no loss: a column whose values are all new and still distinct was computed from something.
pub(super) fn losses(before: &Contents, after: &Contents, touched: &BTreeSet<Ident>) -> Vec<Loss> {
    let is_followed = |table| !before.is_opaque(table) && !after.is_opaque(table);
    let has_marks = |table| before.get(table).is_some_and(Cells::has_marks);
    if !touched.iter().all(is_followed) || !touched.iter().any(has_marks) {
        return Vec::new();
    }
    let [had, has] = [before.counts(touched.iter()), after.counts(touched.iter())];
    let mut losses = Vec::new();
    for table in touched {
        let Some(cells) = before.get(table) else { continue };
        for (name, column) in &cells.columns {
            let now = after.get(table).and_then(|cells| cells.columns.get(name));
            let mut gone = missing(column, now, &had, &has);
            gone.retain(|mark| !has_new_name(*mark, cells, after.get(table)));
            // A key that is still where it came from, in a table whose own values have all moved elsewhere: the rows were
            // merged into their parents.
            let is_merged =
                after.get(table).is_none() && own_values_survive(cells, &had, &has) && !is_relation(cells, &had);
            gone.retain(|mark| !(is_merged && has.contains_key(mark)));
            gone.retain(|mark| !(cells.is_virtual && after.occurrences(&[*mark]) > 0));
            if !gone.is_empty() && !now.is_some_and(|now| is_computed(now, &had)) {
                losses.push(Loss { table: table.clone(), column: name.clone(), kind: LossKind::Gone, marks: gone });
            }
        }
        losses.extend(after.get(table).and_then(|after| swap(table, cells, after)));
    }
    losses
}

/// Whether the table has nothing but several keys of others: then it is what they have to do with each other.
fn is_relation(cells: &Cells, had: &Counts) -> bool {
    let own = |column: &&Column| column.marks.keys().any(|mark| had.get(mark) == Some(&1));
    let mut marked = cells.columns.values().filter(|column| !column.marks.is_empty());
    marked.clone().count() > 1 && !marked.any(|column| own(&column))
}

/// Whether all marks that were in this table only are still somewhere.
fn own_values_survive(cells: &Cells, had: &Counts, has: &Counts) -> bool {
    let marks = cells.columns.values().flat_map(|column| column.marks.keys());
    marks.filter(|mark| had.get(mark) == Some(&1)).all(|mark| has.contains_key(mark))
}

/// The marks that the column had, that it has no more, and of which there are fewer than there were.
fn missing(column: &Column, now: Option<&Column>, had: &Counts, has: &Counts) -> BTreeSet<Mark> {
    let stayed = |mark: &Mark| now.is_some_and(|now| now.marks.contains_key(mark));
    let fewer = |mark: &Mark| has.get(mark).copied().unwrap_or(0) < had.get(mark).copied().unwrap_or(0);
    column.marks.keys().filter(|mark| !stayed(mark) && fewer(mark)).copied().collect()
}

/// Whether the mark is in a column of the table that was not there before, as it is where a column was renamed.
fn has_new_name(mark: Mark, before: &Cells, after: Option<&Cells>) -> bool {
    let mut now = after.into_iter().flat_map(|after| &after.columns);
    now.any(|(name, column)| !before.columns.contains_key(name) && column.marks.contains_key(&mark))
}

/// Whether what is in the column now was computed: several values, and none of them was there before.
fn is_computed(now: &Column, had: &Counts) -> bool {
    now.is_varied && !now.marks.keys().any(|mark| had.contains_key(mark))
}

/// Two columns of a table, each of which has what the other had.
fn swap(table: &Ident, before: &Cells, after: &Cells) -> Option<Loss> {
    let moved_to = |name: &Ident, column: &Column| {
        let first = column.marks.keys().next()?;
        let there = after.columns.iter().find(|(other, now)| *other != name && now.marks.contains_key(first))?;
        let stayed = after.columns.get(name).is_none_or(|now| now.marks.contains_key(first));
        (!stayed && before.columns.contains_key(there.0)).then(|| there.0.clone())
    };
    before.columns.iter().find_map(|(name, column)| {
        let other = moved_to(name, column)?;
        let back = moved_to(&other, before.columns.get(&other)?)?;
        let marks = column.marks.keys().copied().collect();
        (back == *name).then(|| Loss {
            table: table.clone(),
            column: name.clone(),
            kind: LossKind::Swapped(other),
            marks,
        })
    })
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, column, kind, marks: _ } = self;
        match kind {
            LossKind::Gone => write!(f, "values of `{table}.{column}` are nowhere afterwards"),
            LossKind::Swapped(other) => {
                write!(f, "`{table}.{column}` and `{table}.{other}` have each other's values afterwards")
            }
        }
    }
}
