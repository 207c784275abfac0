//! What may have been renamed, and nobody has said so.

use super::entry::Objects;
use super::hint::Renaming;
use super::refusal::Refusal;
use super::renamed::Renamed;
use crate::schema::Schema;
use crate::schema::name::Ident;
use crate::schema::table::{Column, Table};

/// Tables and columns that are only declared, each with one that is only there and looks like it: a table that has half of its
/// columns, a column of its type. It is for a person to say which of them are the same.
///
/// # Errors
/// What is known to be renamed cannot be.
pub fn alike(head: &Objects, declared: &Objects, known: &[Renaming]) -> Result<Vec<Renaming>, Refusal> {
    let now = Renamed::of(head, declared, known)?.objects;
    let (now, declared) = (now.schema(), declared.schema());
    let mut found = Vec::new();
    for (table, new) in only_in(declared, now) {
        let gone = only_in(now, declared).filter(|(_, old)| shares_half(new, old));
        found.extend(gone.map(|(old, _)| Renaming { table: table.clone(), column: None, old: old.clone() }));
    }
    for (table, new) in declared.tables() {
        let Some((_, old)) = now.tables().find(|(other, _)| *other == table) else { continue };
        let gone = |column: &&Column| !has(new, &column.name);
        for column in new.columns.iter().filter(|column| !has(old, &column.name)) {
            let is_alike =
                |other: &&Column| other.declared_type == column.declared_type && other.generated == column.generated;
            let renaming = |old: &Column| Renaming {
                table: table.clone(),
                column: Some(column.name.clone()),
                old: old.name.clone(),
            };
            found.extend(old.columns.iter().filter(gone).filter(is_alike).map(renaming));
        }
    }
    Ok(found)
}

/// Columns that are on both sides and may be NULL in `head` only, so that rows may have no value for them.
pub fn newly_required(head: &Objects, declared: &Objects) -> Vec<(Ident, Ident)> {
    let is_free = |table: &Table, name: &Ident| {
        // A rowid is never NULL, said or not.
        let is_rowid =
            |column: &Column| column.declared_type == "INTEGER" && table.key().is_some_and(|key| key == [name.clone()]);
        table.columns.iter().any(|column| column.name == *name && column.not_null.is_none() && !is_rowid(column))
    };
    let tables = declared.schema().tables();
    let pairs = tables.filter_map(|(table, new)| {
        let (_, old) = head.schema().tables().find(|(other, _)| *other == table)?;
        Some((table, new, old))
    });
    pairs
        .flat_map(|(table, new, old)| {
            let is_new = |column: &&Column| column.not_null.is_some() && is_free(old, &column.name);
            new.columns.iter().filter(is_new).map(|column| (table.clone(), column.name.clone())).collect::<Vec<_>>()
        })
        .collect()
}

fn only_in<'a>(one: &'a Schema, other: &'a Schema) -> impl Iterator<Item = (&'a Ident, &'a Table)> {
    one.tables().filter(|(name, _)| !other.tables().any(|(there, _)| there == *name))
}

fn shares_half(one: &Table, other: &Table) -> bool {
    let shared = one.columns.iter().filter(|column| has(other, &column.name)).count();
    shared * 2 >= one.columns.len().max(other.columns.len())
}

fn has(table: &Table, name: &Ident) -> bool {
    table.columns.iter().any(|column| column.name == *name)
}
