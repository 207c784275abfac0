//! The rows of `sqlite_schema`: which to read, and what is read of them.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::schema::name::Ident;
use crate::schema::table::Table;
use crate::schema::{Key, Kind, Object, object};

/// What a row says of its object.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) table: Ident,
    pub(super) sql: Rc<str>,
    /// What the text says, once it was read: an ordinary table, or something else.
    read: Rc<OnceCell<Option<Rc<Table>>>>,
}

impl Entry {
    pub(super) fn new(table: Ident, sql: &str) -> Self {
        Self { table, sql: sql.into(), read: Rc::default() }
    }

    pub(super) fn object(&self, kind: Kind) -> Object {
        let table = if kind == Kind::Table { self.as_table() } else { None };
        table.map_or_else(|| object(kind, &self.sql), |table| Object::Table(Table::clone(table)))
    }

    /// Whether this is another way to say the same; none if that rests on what is elsewhere.
    pub(super) fn says_the_same(&self, other: &Self, kind: Kind) -> Option<bool> {
        let (true, Some(ours), Some(theirs)) = (kind == Kind::Table, self.as_table(), other.as_table()) else {
            return Some(self.object(kind) == other.object(kind));
        };
        let is_whole = !ours.leaves_keys_unsaid() && !theirs.leaves_keys_unsaid();
        is_whole.then(|| ours == theirs)
    }

    /// The object for who will not ask again: what was not read before is not kept.
    pub(super) fn object_once(&self, kind: Kind) -> Object {
        match self.read.get() {
            Some(Some(table)) if kind == Kind::Table => Object::Table(Table::clone(table)),
            _ => object(kind, &self.sql),
        }
    }

    /// The entry as the ordinary table that it is.
    pub(super) fn as_table(&self) -> Option<&Rc<Table>> {
        let read = || match object(Kind::Table, &self.sql) {
            Object::Table(table) => Some(Rc::new(table)),
            Object::Index(_) | Object::Other(_) => None,
        };
        self.read.get_or_init(read).as_ref()
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.table == other.table && self.sql == other.sql
    }
}

/// Which rows of `sqlite_schema` to read: those that meet one of the conditions.
#[derive(Default)]
pub(super) struct Rows<'a> {
    conditions: Vec<String>,
    parameters: Vec<&'a str>,
}

impl<'a> Rows<'a> {
    pub(super) fn all() -> Self {
        Self { conditions: vec!["1".to_owned()], parameters: Vec::new() }
    }

    /// Those of these tables.
    pub(super) fn of_tables(self, names: &'a BTreeSet<String>) -> Self {
        self.one_of("tbl_name COLLATE NOCASE", names)
    }

    /// Those with these names.
    pub(super) fn named(self, names: &'a BTreeSet<String>) -> Self {
        self.one_of("name", names)
    }

    /// Those after this one.
    pub(super) fn after(mut self, row: i64) -> Self {
        self.conditions.push(format!("rowid > {row}"));
        self
    }

    fn one_of(mut self, column: &str, names: &'a BTreeSet<String>) -> Self {
        match names.len() {
            0 => return self,
            // For one, SQLite makes no table of names.
            1 => self.conditions.push(format!("{column} = ?")),
            more => self.conditions.push(format!("{column} IN ({})", vec!["?"; more].join(", "))),
        }
        self.parameters.extend(names.iter().map(String::as_str));
        self
    }

    /// In one query: what a statement of ours costs is what one of the migration's does.
    pub(super) fn read(self, conn: &Connection) -> rusqlite::Result<Vec<(i64, Key, Entry)>> {
        if self.conditions.is_empty() {
            return Ok(Vec::new());
        }
        let query = format!(
            "SELECT rowid, type, name, tbl_name, sql FROM main.sqlite_master WHERE {}",
            self.conditions.join(" OR ")
        );
        let mut statement = conn.prepare(&query)?;
        let rows = statement.query_map(rusqlite::params_from_iter(self.parameters), entry)?;
        rows.filter_map(Result::transpose).collect()
    }
}

/// What a row says; none if it has no text, as the index of a constraint.
fn entry(row: &Row<'_>) -> rusqlite::Result<Option<(i64, Key, Entry)>> {
    if row.get_ref(4)? == ValueRef::Null {
        return Ok(None);
    }
    let Some(kind) = Kind::from_type(row.get_ref(1)?.as_str()?) else { return Ok(None) };
    let key = Key { kind, name: Ident::new(row.get_ref(2)?.as_str()?) };
    let entry = Entry::new(Ident::new(row.get_ref(3)?.as_str()?), row.get_ref(4)?.as_str()?);
    Ok(Some((row.get(0)?, key, entry)))
}
