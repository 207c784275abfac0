//! A table of a schema -> one of a diagram.

use super::model::{Change, Column, Role, Sort, Table};
use crate::generate::{Entry, Objects};
use crate::schema::index::{Index, Term};
use crate::schema::name::Ident;
use crate::schema::table::{self as schema, Generated, Rule};
use crate::schema::{Key, Kind, Object};
use crate::token::{Token, significant};

/// A table of which nothing is known but its name.
pub(super) fn empty(name: &Ident) -> Table {
    Table {
        name: name.as_str().to_owned(),
        sort: Sort::Ordinary,
        columns: Vec::new(),
        primary_key: Vec::new(),
        autoincrement: false,
        unique: Vec::new(),
        checks: Vec::new(),
        strict: false,
        without_rowid: false,
        indexes: Vec::new(),
        triggers: Vec::new(),
        sql: String::new(),
        change: Change::Kept,
    }
}

/// A table, as if nothing was compared.
pub(super) fn read(objects: &Objects, key: &Key) -> Option<Table> {
    let object = objects.schema().0.get(key)?;
    let entry = objects.iter().find(|entry| entry.key == *key)?;
    let mut table = Table { sql: entry.sql.clone(), ..empty(&key.name) };
    let on = |kind: Kind| {
        objects.iter().filter(move |entry| entry.key.kind == kind && entry.owner == key.name).map(|entry| &entry.key)
    };
    table.triggers = on(Kind::Trigger).map(|key| key.name.as_str().to_owned()).collect();
    table.triggers.sort_unstable();
    let Object::Table(own) = object else {
        let (module, columns) = module(entry);
        table.sort = Sort::Virtual(module);
        table.columns = columns.into_iter().map(|name| Column { name, ..Column::default() }).collect();
        return Some(table);
    };
    // In full: what is added to a table has to be shown.
    let schema::Table { columns, constraints, without_rowid, strict } = own;
    (table.strict, table.without_rowid) = (*strict, *without_rowid);
    table.columns = columns.iter().map(column).collect();
    for constraint in constraints {
        match &constraint.rule {
            Rule::PrimaryKey { terms, autoincrement } => {
                table.primary_key = positions(own, terms);
                table.autoincrement = *autoincrement;
                let is_rowid = matches!(terms.as_slice(), [Term { descending: false, .. }]);
                for &at in &table.primary_key {
                    let column = &mut table.columns[at];
                    column.roles.insert(Role::Primary);
                    // <https://sqlite.org/lang_createtable.html#rowid>, <https://sqlite.org/stricttables.html>
                    let is_alias = is_rowid && column.declared_type == "INTEGER";
                    column.not_null |= is_alias || *without_rowid || *strict;
                }
            }
            Rule::Unique(terms) => table.unique.push(positions(own, terms)),
            Rule::Check(condition) => table.checks.push(condition.as_str().to_owned()),
            Rule::ForeignKey { .. } => {}
        }
    }
    let mut indexes: Vec<&Key> = on(Kind::Index).collect();
    indexes.sort_unstable();
    for key in indexes {
        let Some(Object::Index(index)) = objects.schema().0.get(key) else { continue };
        let Index { table: _, unique, terms, filter } = index;
        table.indexes.push((key.name.as_str().to_owned(), index.to_string()));
        let over = positions(own, terms);
        if *unique && filter.is_none() && over.len() == terms.len() {
            table.unique.push(over);
        }
    }
    table.unique.sort_unstable();
    table.unique.dedup();
    for key in &table.unique {
        if let &[at] = key.as_slice() {
            table.columns[at].roles.insert(Role::Unique);
        }
    }
    Some(table)
}

fn column(column: &schema::Column) -> Column {
    // In full, as above.
    let schema::Column { name, declared_type, not_null, default, collation, generated } = column;
    Column {
        name: name.as_str().to_owned(),
        declared_type: declared_type.clone(),
        not_null: not_null.is_some(),
        default: default.as_ref().map(|default| default.as_str().to_owned()),
        collation: collation.as_ref().map(|collation| collation.as_str().to_owned()),
        generated: generated.as_ref().map(|Generated { expression, stored }| {
            format!("({expression}) {}", if *stored { "STORED" } else { "VIRTUAL" })
        }),
        ..Column::default()
    }
}

/// The columns that a key names; expressions are none.
fn positions(table: &schema::Table, terms: &[Term]) -> Vec<usize> {
    let named = terms.iter().filter_map(|term| term.expression.column());
    named.filter_map(|name| table.columns.iter().position(|column| column.name == name)).collect()
}

/// The module of a virtual table, and the columns that it is told; of other modules than SQLite's own nobody knows what they make
/// of what they are told.
fn module(entry: &Entry) -> (String, Vec<String>) {
    let tokens: Vec<Token<'_>> = significant(&entry.sql).collect();
    let using = tokens.iter().position(|token| token.is("USING")).unwrap_or(tokens.len());
    let rest = tokens.get(using + 1..).unwrap_or_default();
    let module = rest.first().and_then(Ident::from_token).map_or_else(String::new, |name| name.as_str().to_owned());
    let inner = rest.get(2..rest.len().max(3) - 1).unwrap_or_default();
    let is_known =
        ["fts3", "fts4", "fts5", "rtree", "rtree_i32"].iter().any(|known| module.eq_ignore_ascii_case(known));
    let arguments = inner.split(|token| token.is_operator(",")).filter(|_| is_known);
    let is_column = |argument: &&[Token<'_>]| !argument.iter().any(|token| token.is_operator("="));
    // rtree marks a column that is no coordinate.
    let named = |argument: &[Token<'_>]| argument.iter().find_map(Ident::from_token);
    let columns = arguments.filter(is_column).filter_map(named).map(|name| name.as_str().to_owned()).collect();
    (module, columns)
}
