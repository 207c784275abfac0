//! A schema with the text of everything in it.

use rusqlite::Connection;

use super::hint::without_hints;
use super::remark::above;
use crate::place::made;
use crate::schema::name::Ident;
use crate::schema::{Key, Kind, Object, Schema, object};
use crate::statement::statements;

/// The objects of a database in the order in which SQLite keeps them: none before what it belongs to.
#[derive(Debug, Clone, Default)]
pub struct Objects {
    entries: Vec<Entry>,
    schema: Schema,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is called.
    pub key: Key,
    /// The table or view that it belongs to: of a table or view, itself.
    pub owner: Ident,
    /// Its text.
    pub sql: String,
    /// Comments above it, each with the end of its line.
    remark: String,
}

impl Entry {
    /// Its text below what is said of it.
    pub fn script(&self) -> String {
        format!("{}{}", self.remark, self.sql)
    }

    pub(crate) fn remark(&self) -> &str {
        &self.remark
    }
}

impl Objects {
    /// Reads the main database; not the tables that are SQLite's own, ours, or the inside of virtual tables.
    ///
    /// # Errors
    /// SQLite's, if it cannot read the schema.
    pub fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let schema = Schema::read(conn)?;
        let query = "SELECT type, name, tbl_name, sql FROM main.sqlite_master WHERE sql IS NOT NULL ORDER BY rowid";
        let mut statement = conn.prepare(query)?;
        let mut rows = statement.query([])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let (kind, name, owner) = (row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?);
            let Some(kind) = Kind::from_type(&kind) else { continue };
            let key = Key { kind, name: Ident::new(name) };
            if schema.0.contains_key(&key) {
                entries.push(Entry { key, owner: Ident::new(owner), sql: row.get(3)?, remark: String::new() });
            }
        }
        Ok(Self { entries, schema })
    }

    /// The same without hints in the texts: in a migration, they would be directives that stand where they have no effect.
    #[must_use]
    pub fn without_hints(mut self) -> Self {
        for entry in &mut self.entries {
            entry.sql = without_hints(&entry.sql);
        }
        self
    }

    /// The same with the comments that stand above the statements of a script that makes them.
    #[must_use]
    pub fn remarked(mut self, script: &str) -> Self {
        for range in statements(script) {
            let Some(key) = made(&script[range.clone()]) else { continue };
            for entry in self.entries.iter_mut().filter(|entry| entry.key == key) {
                entry.remark = above(script, range.start);
            }
        }
        self
    }

    /// The same without these tables, and what is on them.
    #[must_use]
    pub fn without(mut self, tables: &[Key]) -> Self {
        let is_left_out = |entry: &Entry| tables.iter().any(|table| table.name == entry.owner);
        for entry in self.entries.extract_if(.., |entry| is_left_out(entry)) {
            self.schema.0.remove(&entry.key);
        }
        self
    }

    /// What they are.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(super) fn of_kind(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Entry> {
        self.iter().filter(move |entry| entry.key.kind == kind)
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Entry> {
        self.iter().find(|entry| entry.key == *key)
    }

    /// The table or view that an index or a trigger belongs to.
    pub(super) fn owner(&self, entry: &Entry) -> Option<&Entry> {
        let belongs = matches!(entry.key.kind, Kind::Index | Kind::Trigger);
        let is_owner =
            |other: &&Entry| matches!(other.key.kind, Kind::Table | Kind::View) && other.key.name == entry.owner;
        self.iter().filter(|_| belongs).find(is_owner)
    }

    pub(super) fn object(&self, key: &Key) -> Option<&Object> {
        self.schema.0.get(key)
    }

    /// Whether the object is here and means the same. `REFERENCES t` means the same as it is written, even if the key of `t`
    /// is another one there.
    pub(super) fn has_same(&self, other: &Self, entry: &Entry) -> bool {
        let Some(own) = self.get(&entry.key) else { return false };
        self.object(&entry.key) == other.object(&entry.key)
            || object(own.key.kind, &own.sql) == object(entry.key.kind, &entry.sql)
    }
}
