//! Foreign keys that point at no table, or at what is no key there.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::flaw::Flaw;
use super::trial::Trial;
use crate::run::message;
use crate::schema::name::{Ident, quote};
use crate::schema::table::Rule as Demand;
use crate::schema::{Key, Kind, is_internal};

/// Of each foreign key of a table, what is wrong with it.
pub(super) fn flaws(trial: &Trial, name: &Ident) -> Vec<Flaw> {
    let Some(table) = trial.catalog.table(name) else { return Vec::new() };
    if table.parents().next().is_none() {
        return Vec::new();
    }
    let mismatch = mismatch(&trial.conn, name);
    let mut found = Vec::new();
    for constraint in &table.constraints {
        let Demand::ForeignKey { columns, parent, parent_columns, .. } = &constraint.rule else { continue };
        let exists = |kind| trial.catalog.text(&Key { kind, name: parent.clone() }).is_some();
        if exists(Kind::View) {
            found.push(Flaw::ParentIsView(parent.clone()));
        } else if !exists(Kind::Table) && !is_internal(parent.as_str()) {
            found.push(Flaw::NoParent(parent.clone()));
        } else if mismatch.is_some()
            && let Some(table) = trial.catalog.table(parent)
        {
            let key: BTreeSet<Ident> = parent_columns.iter().cloned().collect();
            if !key.is_empty() && parent_columns.len() != columns.len() {
                found.push(Flaw::OtherWidth(columns.len(), parent.clone(), parent_columns.clone()));
            } else if key.is_empty() || !trial.catalog.is_unique(parent, &table, &key) {
                found.push(Flaw::NoKey(parent.clone(), parent_columns.clone()));
            }
        }
    }
    // A unique index under another collation than the column's looks like a key, and is none to SQLite.
    if let Some(message) = mismatch
        && !found.iter().filter_map(Flaw::missing).any(|parent| message.ends_with(&quote(parent.as_str())))
    {
        found.extend(table.constraints.iter().find_map(|constraint| match &constraint.rule {
            Demand::ForeignKey { parent, parent_columns, .. } if message.ends_with(&quote(parent.as_str())) => {
                Some(Flaw::NoKey(parent.clone(), parent_columns.clone()))
            }
            _ => None,
        }));
    }
    found.dedup();
    found
}

/// What SQLite says of a foreign key that points at no key, when it is asked to check the table.
fn mismatch(conn: &Connection, table: &Ident) -> Option<String> {
    let error = conn.prepare(&format!("PRAGMA main.foreign_key_check({})", quote(table.as_str()))).err()?;
    Some(message(&error)).filter(|message| message.contains("foreign key mismatch"))
}
