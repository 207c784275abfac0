//! Parents, as the rows of their children need them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::schema::name::{Ident, quote};
use crate::schema::table::{Constraint, Rule, Table};

/// The parent of a foreign key over this column alone, and the parent's column.
pub(super) fn parent<'a>(table: &'a Table, column: &Ident) -> Option<(&'a Ident, Ident)> {
    table.constraints.iter().find_map(|Constraint { rule, .. }| match rule {
        Rule::ForeignKey { columns, parent, parent_columns, .. } => {
            let at = columns.iter().position(|name| name == column)?;
            Some((parent, parent_columns.get(at).cloned().unwrap_or_else(|| Ident::new("rowid"))))
        }
        Rule::PrimaryKey { .. } | Rule::Unique(_) | Rule::Check(_) => None,
    })
}

/// The newest two keys of a parent; none if it is no table that can be read.
pub(super) fn last_two(conn: &Connection, parent: &Ident, key: &Ident) -> rusqlite::Result<Vec<Value>> {
    let [parent, key] = [quote(parent.as_str()), quote(key.as_str())];
    let keys = |order: &str| -> rusqlite::Result<Vec<Value>> {
        let query = format!("SELECT {key} FROM main.{parent} WHERE {key} IS NOT NULL {order} LIMIT 2");
        conn.prepare(&query)?.query_map([], |row| row.get(0))?.collect()
    };
    // Not every table has a rowid.
    keys("ORDER BY rowid DESC").or_else(|_| keys(""))
}

/// Whether one of these tables is a parent of the table.
pub(super) fn has_parent_among(table: &Table, names: &[Ident]) -> bool {
    table.parents().any(|parent| names.contains(parent))
}

/// Parents before children; in a circle, somebody is first.
pub(super) fn in_order(tables: &BTreeMap<Ident, Rc<Table>>) -> Vec<Ident> {
    fn visit(name: &Ident, tables: &BTreeMap<Ident, Rc<Table>>, seen: &mut BTreeSet<Ident>, order: &mut Vec<Ident>) {
        let Some(table) = tables.get(name).filter(|_| seen.insert(name.clone())) else { return };
        for parent in table.parents() {
            visit(parent, tables, seen, order);
        }
        order.push(name.clone());
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for name in tables.keys() {
        visit(name, tables, &mut seen, &mut order);
    }
    order
}
