//! A diagram as JSON.

use devilmcp_migrate_core::diagram::{Column, Diagram, Reference, Role, Sort, Table, View};
use serde_json::{Value, json};

/// What `schema --format json` answers.
pub(super) fn document(title: &str, diagram: &Diagram) -> Value {
    json!({
        "title": title,
        "tables": diagram.tables.iter().enumerate().map(|(at, of)| table(diagram, at, of)).collect::<Vec<_>>(),
        "views": diagram.views.iter().map(view).collect::<Vec<_>>(),
    })
}

fn table(diagram: &Diagram, at: usize, table: &Table) -> Value {
    // In full: what is added to a table has to be answered.
    let Table {
        name,
        sort,
        columns,
        primary_key,
        autoincrement,
        unique,
        checks,
        strict,
        without_rowid,
        indexes,
        triggers,
        sql,
        change,
    } = table;
    let (kind, module) = match sort {
        Sort::Ordinary => ("table", None),
        Sort::Virtual(module) => ("virtual", Some(module)),
        Sort::Missing => ("missing", None),
    };
    let references = diagram.references.iter().filter(|reference| reference.child == at);
    json!({
        "name": name,
        "kind": kind,
        "module": module,
        "columns": columns.iter().map(column).collect::<Vec<_>>(),
        "primary_key": named(table, primary_key),
        "autoincrement": autoincrement,
        "unique": unique.iter().map(|key| named(table, key)).collect::<Vec<_>>(),
        "foreign_keys": references.map(|of| reference(diagram, table, of)).collect::<Vec<_>>(),
        "checks": checks,
        "strict": strict,
        "without_rowid": without_rowid,
        "indexes": indexes.iter().map(|(name, about)| json!({ "name": name, "definition": about })).collect::<Vec<_>>(),
        "triggers": triggers,
        "sql": Some(sql).filter(|sql| !sql.is_empty()),
        "change": change.word(),
    })
}

fn column(column: &Column) -> Value {
    let Column { name, declared_type, not_null, default, collation, generated, roles, change, was } = column;
    json!({
        "name": name,
        "type": declared_type,
        "not_null": not_null,
        "default": default,
        "collation": collation,
        "generated": generated,
        "primary_key": roles.contains(&Role::Primary),
        "unique": roles.contains(&Role::Unique),
        "foreign_key": roles.contains(&Role::Foreign),
        "change": change.word(),
        "was": was,
    })
}

fn reference(diagram: &Diagram, child: &Table, reference: &Reference) -> Value {
    let Reference { child: _, columns, parent, parent_columns, actions, deferred, is_optional, is_unique, change } =
        reference;
    let parent = diagram.tables.get(*parent);
    json!({
        "columns": named(child, columns),
        "parent": parent.map(|parent| &parent.name),
        "parent_columns": parent.map(|parent| named(parent, parent_columns)),
        "actions": actions,
        "deferred": deferred,
        "optional": is_optional,
        "unique": is_unique,
        "change": change.word(),
    })
}

fn view(view: &View) -> Value {
    let View { name, reads, sql, change } = view;
    json!({ "name": name, "reads": reads, "sql": sql, "change": change.word() })
}

fn named<'a>(table: &'a Table, columns: &[usize]) -> Vec<&'a str> {
    columns.iter().filter_map(|at| table.columns.get(*at)).map(|column| column.name.as_str()).collect()
}
