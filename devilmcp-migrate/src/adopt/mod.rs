//! Databases that existed before the first migration: what they may be taken for.
//!
//! Not names are compared but structures. What is missing, the baseline makes; what contradicts it is refused, with all the
//! differences, before anything is changed.

mod account;
mod permitted;

use std::collections::BTreeSet;

use devilmcp_migrate_core::diff::{Difference, differences};
use devilmcp_migrate_core::schema::name::Ident;
use devilmcp_migrate_core::schema::{Key, Kind, Schema};
use devilmcp_migrate_core::text;
use rusqlite::Connection;

use crate::embedded::Embedded;
use crate::error::{Error, Inner};
use crate::template;

#[cfg(feature = "libsql")]
pub(crate) use account::account_tables;
#[cfg(feature = "cli")]
pub(crate) use account::revisions;
pub(crate) use account::without_accounts;
pub(crate) use permitted::{without_others, without_permitted};

/// The number of the migration up to which a database without a history can be adopted; 0 if it has nothing to adopt.
pub(crate) fn assess(conn: &Connection, embedded: &Embedded) -> Result<i64, Error> {
    if let Some(squash) = embedded.squash() {
        let found = Schema::read(conn).map_err(Error::sqlite("read the schema"))?;
        if found.0.is_empty() {
            return Ok(0);
        }
        if !has_any(&template::schema(embedded, squash.number)?, &found) {
            return Ok(0);
        }
        return Err(embedded.before_squash("existed before and has no history".to_owned()));
    }
    let first = embedded.migrations.first().filter(|_| embedded.adoption.baseline).map_or(0, |first| first.number);
    if first == 0 && embedded.adoption.revisions.is_empty() {
        return Ok(0);
    }
    let told = account::through(conn, embedded)?;
    let through = told.unwrap_or(first);
    if through == 0 {
        return Ok(0);
    }
    let found = Schema::read(conn).map_err(Error::sqlite("read the schema"))?;
    if told.is_none() && found.0.is_empty() {
        return Ok(0);
    }
    let expected = template::schema(embedded, through)?;
    // Where nobody says that anything was applied, and nothing is there, nothing was.
    if told.is_none() && !has_any(&expected, &found) {
        return Ok(0);
    }
    // The baseline can be run over what is there, and makes what is missing. No later migration can.
    let can_be_made = |difference: &Difference| through == first && matches!(difference, Difference::Missing { .. });
    let contradictions = contradictions(&expected, &found).into_iter().filter(|difference| !can_be_made(difference));
    refuse(contradictions.collect(), through, embedded)?;
    Ok(through)
}

/// Whether anything was ever made in a database and is still there.
pub(crate) fn holds_something(conn: &Connection) -> Result<bool, Error> {
    let query = "SELECT EXISTS (SELECT 1 FROM main.sqlite_master)";
    conn.query_row(query, [], |row| row.get(0)).map_err(Error::sqlite("read the schema"))
}

/// Whether the baseline has made everything that was missing.
pub(crate) fn verify(conn: &Connection, embedded: &Embedded, number: i64) -> Result<(), Error> {
    let found = Schema::read(conn).map_err(Error::sqlite("read the schema"))?;
    let expected = template::schema(embedded, number)?;
    refuse(contradictions(&expected, &found), number, embedded)
}

/// What is not as expected. What else is in the database is not this program's affair.
fn contradictions(expected: &Schema, found: &Schema) -> Vec<Difference> {
    let mut differences = without_permitted(differences(expected, found));
    differences.retain(|difference| !matches!(difference, Difference::Unexpected { .. }));
    differences
}

/// The indexes and triggers of tables and views that no migration makes: as little this program's affair as those are.
pub(crate) fn of_others(conn: &Connection, expected: &Schema) -> Result<BTreeSet<Key>, Error> {
    let attempt = || Error::sqlite("read the schema");
    let columns = ["type", "name", "tbl_name"].map(text::column).join(", ");
    let query = format!("SELECT {columns} FROM main.sqlite_master WHERE type IN ('index', 'trigger')");
    let mut statement = conn.prepare(&query).map_err(attempt())?;
    let mut rows = statement.query([]).map_err(attempt())?;
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next().map_err(attempt())? {
        let read = |at| text::read(row, at);
        let (kind, name, of) = (read(0).map_err(attempt())?, read(1).map_err(attempt())?, read(2).map_err(attempt())?);
        let key = |kind| Key { kind, name: Ident::new(&*of) };
        if ![Kind::Table, Kind::View].into_iter().any(|kind| expected.0.contains_key(&key(kind))) {
            found.extend(Kind::from_type(&kind).map(|kind| Key { kind, name: Ident::new(name) }));
        }
    }
    Ok(found)
}

fn refuse(differences: Vec<Difference>, number: i64, embedded: &Embedded) -> Result<(), Error> {
    if differences.is_empty() {
        return Ok(());
    }
    let migration = embedded.find(number).map_or_else(|| number.to_string(), |migration| migration.label());
    let differences = differences.into_iter().map(crate::difference::Difference).collect();
    Err(Inner::Contradiction { migration, differences }.into())
}

/// Whether anything that is expected is there, or something else of its name.
fn has_any(expected: &Schema, found: &Schema) -> bool {
    expected.0.keys().any(|key| found.0.contains_key(key) || is_taken(key, found))
}

/// Whether something of another kind has the name.
fn is_taken(key: &Key, found: &Schema) -> bool {
    matches!(key.kind, Kind::Table | Kind::View)
        && [Kind::Table, Kind::View].into_iter().any(|kind| found.0.contains_key(&Key { kind, name: key.name.clone() }))
}
