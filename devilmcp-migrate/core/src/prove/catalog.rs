//! `sqlite_schema` in memory, followed by what each script touched: reading it whole after each would make the cost of a
//! history quadratic.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rusqlite::{Connection, Row};

use crate::authorizer::Touched;
use crate::diff::{Difference, differences};
use crate::schema::name::Ident;
use crate::schema::{Key, Kind, Object, Schema, object};

/// The texts of all objects, as of the last look.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    entries: BTreeMap<Key, Entry>,
    last_row: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    table: Ident,
    sql: Rc<str>,
}

/// What one script has done to the schema: the entries it touched, as they were before and as they are after.
#[derive(Debug, Clone, Default)]
pub(super) struct Delta(BTreeMap<Key, (Option<Entry>, Option<Entry>)>);

/// One object that a migration makes, changes or removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The object.
    pub key: Key,
    /// What becomes of it.
    pub effect: Effect,
}

/// What a migration does to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It was not there before.
    Creates,
    /// It is another than before.
    Changes,
    /// It is not there any more.
    Drops,
}

impl Catalog {
    /// Looks at what was touched since the last look.
    pub(super) fn follow(&mut self, conn: &Connection, touched: &Touched) -> rusqlite::Result<Delta> {
        let now = if touched.changed.is_empty() {
            self.rows_after(conn)?
        } else {
            // What was altered or dropped takes others with it: the indexes and triggers of a table, and, on a rename, every
            // view and trigger that names it.
            read(conn, "SELECT type, name, tbl_name, sql FROM main.sqlite_master WHERE sql IS NOT NULL", [])?
        };
        self.last_row = conn.query_row("SELECT ifnull(max(rowid), 0) FROM main.sqlite_master", [], |row| row.get(0))?;
        let mut delta = Delta::default();
        if !touched.changed.is_empty() {
            let gone: Vec<Key> = self.entries.keys().filter(|key| !now.contains_key(key)).cloned().collect();
            for key in gone {
                let before = self.entries.remove(&key);
                delta.0.insert(key, (before, None));
            }
        }
        for (key, entry) in now {
            let before = self.entries.insert(key.clone(), entry.clone());
            if before.as_ref() != Some(&entry) {
                delta.0.insert(key, (before, Some(entry)));
            }
        }
        Ok(delta)
    }

    /// The primary key of a table.
    fn key(&self, table: &Ident) -> Option<Vec<Ident>> {
        let entry = self.entries.get(&Key { kind: Kind::Table, name: table.clone() })?;
        match object(Kind::Table, &entry.sql) {
            Object::Table(table) => table.key(),
            Object::Index(_) | Object::Other(_) => None,
        }
    }

    /// What was created: SQLite adds rows at the end.
    fn rows_after(&self, conn: &Connection) -> rusqlite::Result<BTreeMap<Key, Entry>> {
        let new = "SELECT type, name, tbl_name, sql FROM main.sqlite_master WHERE rowid > ?1 AND sql IS NOT NULL";
        read(conn, new, [self.last_row])
    }
}

fn read(conn: &Connection, query: &str, parameters: impl rusqlite::Params) -> rusqlite::Result<BTreeMap<Key, Entry>> {
    let mut statement = conn.prepare(query)?;
    let rows = statement.query_map(parameters, entry)?;
    rows.filter_map(Result::transpose).collect()
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Option<(Key, Entry)>> {
    let Some(kind) = Kind::from_type(&row.get::<_, String>(0)?) else { return Ok(None) };
    let key = Key { kind, name: Ident::new(row.get::<_, String>(1)?) };
    let entry = Entry { table: Ident::new(row.get::<_, String>(2)?), sql: row.get::<_, String>(3)?.into() };
    Ok(Some((key, entry)))
}

fn schema<'a>(entries: impl Iterator<Item = (&'a Key, &'a Option<Entry>)>) -> Schema {
    let there = entries.filter_map(|(key, entry)| Some((key, entry.as_ref()?)));
    Schema::from_rows(there.map(|(key, entry)| (key.kind.as_str(), key.name.as_str(), &*entry.sql)))
}

impl Delta {
    /// What this has done to what is now the `catalog`, object by object; the inner tables of virtual ones are not mentioned.
    pub(super) fn changes(&self, catalog: &Catalog) -> Vec<Change> {
        let [before, after] = self.schemas(catalog);
        let keys: BTreeSet<&Key> = before.0.keys().chain(after.0.keys()).collect();
        let effect = |key: &Key| match (before.0.get(key), after.0.get(key)) {
            (None, _) => Some(Effect::Creates),
            (_, None) => Some(Effect::Drops),
            (before, after) => (before != after).then_some(Effect::Changes),
        };
        keys.into_iter().filter_map(|key| Some(Change { key: key.clone(), effect: effect(key)? })).collect()
    }

    /// Whether nothing is different in text.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In what the schema, after `self` and then `back` have led to the `catalog`, is not what it was before `self`.
    pub(super) fn unreverted(&self, back: &Self, catalog: &Catalog) -> Vec<Difference> {
        let mut left = Self::default();
        for key in self.0.keys().chain(back.0.keys()) {
            let origin = self.0.get(key).or_else(|| back.0.get(key)).and_then(|(before, _)| before.clone());
            let end = back.0.get(key).or_else(|| self.0.get(key)).and_then(|(_, after)| after.clone());
            if origin.as_ref().map(|entry| &entry.sql) != end.as_ref().map(|entry| &entry.sql) {
                left.0.insert(key.clone(), (origin, end));
            }
        }
        let [expected, found] = left.schemas(catalog);
        differences(&expected, &found)
    }

    /// The touched part of the schema, before and after. What was not touched is the same in both, and asked for the keys
    /// that foreign keys refer to.
    fn schemas(&self, catalog: &Catalog) -> [Schema; 2] {
        let before = self.0.iter().map(|(key, (before, _))| (key, before));
        let after = self.0.iter().map(|(key, (_, after))| (key, after));
        [schema(before), schema(after)].map(|mut schema| {
            let is_touched = |name: &Ident| self.0.contains_key(&Key { kind: Kind::Table, name: name.clone() });
            schema.resolve_parents(|parent| if is_touched(parent) { None } else { catalog.key(parent) });
            schema
        })
    }
}
