//! Asks SQLite what is wrong: <https://sqlite.org/pragma.html#pragma_foreign_key_check>.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use devilmcp_migrate_core::run::message;
use devilmcp_migrate_core::schema::name::quote;
use devilmcp_migrate_core::text;
use rusqlite::{Connection, OptionalExtension as _, Row, Statement};

use super::{Mismatch, Reference, State, Violation};
use crate::error::Error;

impl State {
    /// Checks the tables one by one: a key that cannot be checked would hide what is wrong with all others.
    pub(crate) fn read(conn: &Connection) -> Result<Self, Error> {
        read(conn).map_err(Error::sqlite("check foreign keys"))
    }
}

/// One foreign key of a table.
#[derive(Debug, Default)]
struct Key {
    parent: String,
    from: Vec<String>,
    /// None where the parent's primary key is meant.
    to: Vec<Option<String>>,
}

fn read(conn: &Connection) -> rusqlite::Result<State> {
    let mut state = State::default();
    for (table, keys) in keys(conn)? {
        match violations(conn, &table, &keys) {
            Ok(found) => state.violations.extend(found),
            Err(error) => match message(&error) {
                message if message.contains("foreign key mismatch") => {
                    state.mismatches.push(Mismatch { table, message });
                }
                _ => return Err(error),
            },
        }
    }
    Ok(state)
}

/// The foreign keys of all tables, by SQLite's number for each.
fn keys(conn: &Connection) -> rusqlite::Result<BTreeMap<String, BTreeMap<i64, Key>>> {
    // To ask each table is much where there are many. No foreign key is without the word.
    let is_any = format!("SELECT 1 FROM main.sqlite_master AS tables WHERE {MAY_REFER} LIMIT 1");
    if !conn.prepare(&is_any)?.exists([])? {
        return Ok(BTreeMap::new());
    }
    let [table, parent, from, to] =
        ["tables.name", r#"keys."table""#, r#"keys."from""#, r#"keys."to""#].map(text::expression);
    let mut statement = conn.prepare(&format!(
        "SELECT {table}, keys.id, {parent}, {from}, {to}
         FROM main.sqlite_master AS tables JOIN pragma_foreign_key_list(tables.name, 'main') AS keys
         WHERE {MAY_REFER} ORDER BY keys.seq"
    ))?;
    let mut rows = statement.query([])?;
    let mut tables: BTreeMap<String, BTreeMap<i64, Key>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let key = tables.entry(text::read(row, 0)?).or_default().entry(row.get(1)?).or_default();
        key.parent = text::read(row, 2)?;
        key.from.push(text::read(row, 3)?);
        key.to.push(text::optional(row, 4)?);
    }
    Ok(tables)
}

/// Whether a row of the schema is a table that may have a foreign key.
pub(crate) const MAY_REFER: &str = "tables.type = 'table' AND instr(upper(tables.sql), 'REFERENCES') > 0";

fn violations(conn: &Connection, table: &str, keys: &BTreeMap<i64, Key>) -> rusqlite::Result<Vec<Violation>> {
    let mut statement = conn.prepare(&format!("PRAGMA main.foreign_key_check({})", quote(table)))?;
    let mut rows = statement.query([])?;
    let rowid = rowid(conn, table)?;
    let mut queries: HashMap<i64, Statement<'_>> = HashMap::new();
    let mut found = Vec::new();
    // Of each key, where the rows cannot be asked for one by one.
    let mut nameless: BTreeMap<i64, usize> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (row, id): (Option<i64>, i64) = (row.get(1)?, row.get(3)?);
        let (Some(row), Some(rowid), Some(key)) = (row, rowid, keys.get(&id)) else {
            *nameless.entry(id).or_default() += 1;
            continue;
        };
        let query = match queries.entry(id) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => {
                new.insert(conn.prepare(&format!("{} WHERE {rowid} = ?1", key.query(table)))?)
            }
        };
        let reference = query.query_row([row], reference).optional()?;
        found.push(Violation { table: table.to_owned(), parent: key.parent.clone(), row: Some(row), reference });
    }
    for (id, count) in nameless {
        let Some(key) = keys.get(&id) else { continue };
        let orphans = orphans(conn, table, key)?;
        // SQLite's count is the right one; ours may differ where columns of different types are compared.
        let references = if orphans.len() == count { orphans } else { vec![None; count] };
        found.extend(references.into_iter().map(|reference| Violation {
            table: table.to_owned(),
            parent: key.parent.clone(),
            row: None,
            reference,
        }));
    }
    Ok(found)
}

impl Key {
    /// What every row refers to by this key: as text, and the values alone.
    fn query(&self, table: &str) -> String {
        let [text, values] = terms(&self.from).map(|text| text::expression(&format!("({text})")));
        format!("SELECT {text}, {values} FROM main.{} AS child", quote(table))
    }
}

/// What a row refers to by a key over these columns, as expressions: as text, and the values alone.
pub(crate) fn terms(from: &[String]) -> [String; 2] {
    let text = from.iter().map(|column| format!("{} || quote({})", literal(&format!("{column} = ")), quote(column)));
    let values = from.iter().map(|column| format!("hex({})", quote(column)));
    [text.collect::<Vec<_>>().join(" || ', ' || "), values.collect::<Vec<_>>().join(" || ',' || ")]
}

/// What the rows refer to that have no parent, found by a query of our own.
fn orphans(conn: &Connection, table: &str, key: &Key) -> rusqlite::Result<Vec<Option<Reference>>> {
    let has_parent = !names(conn, "name", "pragma_table_info(?1, 'main')", &key.parent)?.is_empty();
    let primary = names(conn, "name", "pragma_table_info(?1, 'main') WHERE pk > 0 ORDER BY pk", &key.parent)?;
    let to = key.to.iter().enumerate().map(|(at, to)| to.as_ref().or_else(|| primary.get(at)));
    let is_set = key.from.iter().map(|column| format!("child.{} IS NOT NULL", quote(column)));
    let mut query = format!("{} WHERE {}", key.query(table), is_set.collect::<Vec<_>>().join(" AND "));
    if let Some(to) = to.collect::<Option<Vec<_>>>().filter(|_| has_parent) {
        let equal = to.iter().zip(&key.from).map(|(to, from)| format!("parent.{} = child.{}", quote(to), quote(from)));
        let equal = equal.collect::<Vec<_>>().join(" AND ");
        let _ = write!(query, " AND NOT EXISTS (SELECT 1 FROM main.{} AS parent WHERE {equal})", quote(&key.parent));
    }
    conn.prepare(&query)?.query_map([], |row| reference(row).map(Some))?.collect()
}

fn reference(row: &Row<'_>) -> rusqlite::Result<Reference> {
    Ok(Reference { text: text::lossy(row, 0)?, values: text::read(row, 1)? })
}

/// A name for the rowid that no column has taken.
fn rowid(conn: &Connection, table: &str) -> rusqlite::Result<Option<&'static str>> {
    let columns = names(conn, "lower(name)", "pragma_table_xinfo(?1, 'main')", table)?;
    Ok(["rowid", "_rowid_", "oid"].into_iter().find(|name| !columns.iter().any(|column| column == name)))
}

fn names(conn: &Connection, name: &str, source: &str, table: &str) -> rusqlite::Result<Vec<String>> {
    let query = format!("SELECT {} FROM {source}", text::expression(name));
    conn.prepare(&query)?.query_map([table], |row| text::read(row, 0))?.collect()
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
