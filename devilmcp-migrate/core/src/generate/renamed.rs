//! Tables and columns under their new names.

use super::entry::Objects;
use super::hint::Renaming;
use super::layout::Paragraph;
use super::refusal::Refusal;
use super::workbench::Workbench;
use crate::diff::differences;
use crate::schema::name::{Ident, bare};
use crate::schema::{Key, Kind, Object};

/// A schema after its renamings, which SQLite does itself: whatever names the table or the column then has the new name.
pub(super) struct Renamed {
    pub(super) objects: Objects,
    /// What leads there,
    pub(super) forward: Vec<Paragraph>,
    /// and back.
    pub(super) back: Vec<Paragraph>,
}

impl Renamed {
    /// Renames in `head` what is declared to have had another name, and has it there still.
    pub(super) fn of(head: &Objects, declared: &Objects, renamings: &[Renaming]) -> Result<Self, Refusal> {
        let bench = Workbench::with(head)?;
        let mut renamed = Self { objects: head.clone(), forward: Vec::new(), back: Vec::new() };
        // Of a database that has nothing, nothing was renamed.
        if head.iter().next().is_none() {
            return Ok(renamed);
        }
        let (tables, columns): (Vec<&Renaming>, Vec<&Renaming>) =
            renamings.iter().partition(|one| one.column.is_none());
        for renaming in tables.into_iter().chain(columns) {
            let Some([there, back]) = statements(&renamed.objects, declared, renaming)? else { continue };
            bench.run(&there).map_err(|error| Refusal::Fails { sql: there.clone(), error })?;
            renamed.objects = bench.objects()?;
            renamed.forward.push(Paragraph { comment: Vec::new(), sql: there });
            renamed.back.insert(0, Paragraph { comment: Vec::new(), sql: back });
        }
        for Paragraph { sql, .. } in &renamed.back {
            bench.run(sql).map_err(|error| Refusal::Fails { sql: sql.clone(), error })?;
        }
        let left = differences(head.schema(), &bench.schema()?);
        if left.is_empty() { Ok(renamed) } else { Err(Refusal::Unreached(left)) }
    }
}

/// The statement that renames, and the one that takes it back; none if it was renamed before.
fn statements(now: &Objects, declared: &Objects, renaming: &Renaming) -> Result<Option<[String; 2]>, Refusal> {
    let Renaming { table, column, old } = renaming;
    let refused = Err(Refusal::Renaming(renaming.clone()));
    let Some(column) = column else {
        let has = |objects: &Objects, name: &Ident| objects.get(&key(name)).is_some();
        if has(now, table) && has(declared, table) {
            return Ok(None);
        }
        if !has(now, old) || has(declared, old) || !has(declared, table) {
            return refused;
        }
        let [new, old] = [table, old].map(|name| bare(name.as_str()));
        return Ok(Some([format!("ALTER TABLE {old} RENAME TO {new}"), format!("ALTER TABLE {new} RENAME TO {old}")]));
    };
    let has = |objects: &Objects, name: &Ident| match objects.object(&key(table)) {
        Some(Object::Table(table)) => table.columns.iter().any(|column| column.name == *name),
        _ => false,
    };
    if has(now, column) && has(declared, column) {
        return Ok(None);
    }
    if !has(now, old) || has(declared, old) || !has(declared, column) {
        return refused;
    }
    let [table, new, old] = [table, column, old].map(|name| bare(name.as_str()));
    let rename = |from: &str, to: &str| format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}");
    Ok(Some([rename(&old, &new), rename(&new, &old)]))
}

fn key(table: &Ident) -> Key {
    Key { kind: Kind::Table, name: table.clone() }
}
