//! Rows on a server whose foreign keys point at nothing.

use std::collections::BTreeMap;

use devilmcp_migrate_core::schema::name::quote;
use rusqlite::types::Value;

use super::protocol::{Outcome, Statement};
use super::transaction::{Transaction, rows};
use crate::error::Error;
use crate::foreign_keys::{MAY_REFER, Mismatch, State, Violation, terms};

/// One foreign key of a table.
#[derive(Debug, Default)]
struct Key {
    parent: String,
    from: Vec<String>,
    /// Whether its rows can be asked for by their rowid.
    has_rowid: bool,
}

/// What is wrong with the foreign keys of the database that the transaction sees.
pub(super) fn read(transaction: &mut Transaction<'_>) -> Result<State, Error> {
    let mut state = State::default();
    for ((table, id), key) in keys(transaction)? {
        // A key that cannot be checked would hide what is wrong with all others, and a statement that fails ends a batch.
        for outcome in transaction.run([Statement::query(key.query(&table, id))])? {
            match outcome {
                Outcome::Failed(error) if error.to_string().contains("foreign key mismatch") => {
                    let mismatch = Mismatch { table: table.clone(), message: error.to_string() };
                    if !state.mismatches.contains(&mismatch) {
                        state.mismatches.push(mismatch);
                    }
                }
                outcome => {
                    let found = rows(ATTEMPT, outcome)?.into_iter().map(|row| violation(&table, &key.parent, row));
                    state.violations.extend(found);
                }
            }
        }
    }
    Ok(state)
}

/// The foreign keys of all tables, by table and SQLite's number for each.
fn keys(transaction: &mut Transaction<'_>) -> Result<BTreeMap<(String, i64), Key>, Error> {
    let query = format!(
        r#"SELECT tables.name, keys.id, keys."table", keys."from",
             NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(tables.name, 'main') WHERE lower(name) = 'rowid')
             AND NOT EXISTS (SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = tables.name AND wr)
           FROM main.sqlite_master AS tables JOIN pragma_foreign_key_list(tables.name, 'main') AS keys
           WHERE {MAY_REFER} ORDER BY keys.seq"#
    );
    let [found] = transaction.query(ATTEMPT, [Statement::query(query)])?;
    let mut keys: BTreeMap<(String, i64), Key> = BTreeMap::new();
    for row in found {
        if let [
            Value::Text(table),
            Value::Integer(id),
            Value::Text(parent),
            Value::Text(from),
            Value::Integer(has_rowid),
        ] = row.as_slice()
        {
            let key = keys.entry((table.clone(), *id)).or_default();
            (key.parent, key.has_rowid) = (parent.clone(), *has_rowid == 1);
            key.from.push(from.clone());
        }
    }
    Ok(keys)
}

impl Key {
    /// The rows without a parent: rowid, and what each refers to, as text and as values alone. Where rows cannot be asked for one by one,
    /// only how many there are is known.
    fn query(&self, table: &str, id: i64) -> String {
        let check = format!("pragma_foreign_key_check('{}', 'main') AS orphan", table.replace('\'', "''"));
        if !self.has_rowid {
            return format!("SELECT NULL FROM {check} WHERE orphan.fkid = {id}");
        }
        let [text, values] = terms(&self.from);
        let child = quote(table);
        format!(
            "SELECT child.rowid, {text}, {values} FROM {check} JOIN main.{child} AS child ON child.rowid = orphan.rowid
             WHERE orphan.fkid = {id}"
        )
    }
}

fn violation(table: &str, parent: &str, row: Vec<Value>) -> Violation {
    match <[Value; 3]>::try_from(row) {
        Ok([Value::Integer(rowid), Value::Text(text), Value::Text(values)]) => {
            Violation::new(table, parent, Some(rowid), Some([text, values]))
        }
        _ => Violation::new(table, parent, None, None),
    }
}

const ATTEMPT: &str = "check foreign keys";
