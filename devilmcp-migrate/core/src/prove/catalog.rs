//! `sqlite_schema` in memory, followed by what each script touched: reading it whole after each would make the cost of a
//! history quadratic.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rusqlite::{Connection, Row};

use super::delta::Delta;
use crate::authorizer::Touched;
use crate::schema::index::Term;
use crate::schema::name::Ident;
use crate::schema::sql::Sql;
use crate::schema::table::{Rule, Table};
use crate::schema::{Key, Kind, Object, is_internal, object, shadow_tables};

/// The texts of all objects, as of the last look.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    entries: BTreeMap<Key, Entry>,
    /// What belongs to each table, itself included.
    by_table: BTreeMap<Ident, BTreeSet<Key>>,
    /// The inner tables of virtual ones.
    shadows: BTreeSet<Ident>,
    /// The tables whose foreign keys have ever pointed at a table.
    children: BTreeMap<Ident, BTreeSet<Ident>>,
    /// The tables that have ever had foreign keys.
    referring: BTreeSet<Ident>,
    last_row: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) table: Ident,
    pub(super) sql: Rc<str>,
}

impl Catalog {
    /// Looks at what was touched since the last look.
    pub(super) fn follow(&mut self, conn: &Connection, touched: &Touched) -> rusqlite::Result<Delta> {
        let mut delta = Delta::default();
        let Touched { created, altered, dropped, renamed, written: _ } = touched;
        let now = if *renamed {
            self.forget(self.entries.keys().cloned().collect::<Vec<_>>(), &mut delta);
            read(conn, "", [])?
        } else {
            for name in dropped.iter().chain(altered).map(Ident::new) {
                let alone = self.named(&name);
                let gone: Vec<Key> = self.by_table.get(&name).into_iter().flatten().cloned().chain(alone).collect();
                self.forget(gone, &mut delta);
            }
            let mut now = if dropped.is_empty() && altered.is_empty() {
                // SQLite adds rows at the end.
                read(conn, "AND rowid > ?1", [self.last_row])?
            } else {
                let mut now = Vec::new();
                for name in created {
                    now.extend(read(conn, "AND name = ?1", [name])?);
                }
                now
            };
            for name in altered {
                now.extend(read(conn, "AND tbl_name = ?1 COLLATE NOCASE", [name])?);
            }
            now
        };
        for (key, entry) in now {
            if key.kind == Kind::Table && entry.sql.to_ascii_uppercase().contains("REFERENCES") {
                self.referring.insert(key.name.clone());
                for parent in parents(&entry.sql) {
                    self.children.entry(parent).or_default().insert(key.name.clone());
                }
            }
            self.shadows.extend(shadow_tables(key.name.as_str(), &entry.sql));
            self.by_table.entry(entry.table.clone()).or_default().insert(key.clone());
            let before = self.entries.insert(key.clone(), entry.clone());
            delta.0.entry(key).or_insert((before, None)).1 = Some(entry);
        }
        delta.0.retain(|_, (before, after)| before != after);
        self.last_row = conn.query_row("SELECT ifnull(max(rowid), 0) FROM main.sqlite_master", [], |row| row.get(0))?;
        Ok(delta)
    }

    /// The primary key of a table.
    pub(super) fn key(&self, table: &Ident) -> Option<Vec<Ident>> {
        match self.object(table)? {
            Object::Table(table) => table.key(),
            Object::Index(_) | Object::Other(_) => None,
        }
    }

    /// The ordinary tables among these names; the inner tables of virtual ones are not ordinary.
    pub(super) fn tables<'a>(&self, names: impl Iterator<Item = &'a Ident>) -> BTreeMap<Ident, Table> {
        let found = names.filter_map(|name| Some((name.clone(), self.table(name)?)));
        found.collect()
    }

    /// All ordinary tables.
    pub(super) fn all_tables(&self) -> BTreeMap<Ident, Table> {
        let keys = self.entries.keys().filter(|key| key.kind == Kind::Table);
        self.tables(keys.map(|key| &key.name))
    }

    /// An ordinary table, with the keys of the parents that its foreign keys leave unsaid.
    pub(super) fn table(&self, name: &Ident) -> Option<Table> {
        if is_internal(name.as_str()) || self.shadows.contains(name) {
            return None;
        }
        let Object::Table(mut table) = self.object(name)? else { return None };
        table.resolve_parents(|parent| self.key(parent));
        Some(table)
    }

    /// Whether this is a virtual table.
    pub(super) fn is_virtual(&self, name: &Ident) -> bool {
        matches!(self.object(name), Some(Object::Other(_)))
    }

    /// All objects.
    pub(super) fn objects(&self) -> impl Iterator<Item = &Key> {
        self.entries.keys()
    }

    /// The table that an object belongs to, and its text.
    pub(super) fn text(&self, key: &Key) -> Option<(&Ident, &str)> {
        self.entries.get(key).map(|entry| (&entry.table, &*entry.sql))
    }

    /// All triggers.
    pub(super) fn triggers(&self) -> impl Iterator<Item = &Ident> {
        self.entries.keys().filter(|key| key.kind == Kind::Trigger).map(|key| &key.name)
    }

    /// Whether no two rows of a table can have the same values in exactly these columns.
    pub(super) fn is_unique(&self, name: &Ident, table: &Table, columns: &BTreeSet<Ident>) -> bool {
        self.keys(name, table).into_iter().filter(|(_, filter)| filter.is_none()).any(|(terms, _)| {
            let found: Option<BTreeSet<Ident>> = terms.iter().map(|term| term.expression.column()).collect();
            found.as_ref() == Some(columns)
        })
    }

    /// The tables whose foreign keys point at one of these, and those of these that have foreign keys.
    pub(super) fn family(&self, names: &BTreeSet<Ident>) -> BTreeSet<Ident> {
        let children = names.iter().filter_map(|name| self.children.get(name)).flatten();
        children.chain(names.intersection(&self.referring)).cloned().collect()
    }

    /// The columns that are part of a key, by constraint or by index: two rows may not be alike in all of them.
    pub(super) fn unique_columns(&self, name: &Ident, table: &Table) -> BTreeSet<Ident> {
        let terms = self.keys(name, table).into_iter().flat_map(|(terms, _)| terms);
        terms.filter_map(|term| term.expression.column()).collect()
    }

    /// The keys of a table, by constraint or by index, each with its `WHERE`.
    fn keys(&self, name: &Ident, table: &Table) -> Vec<(Vec<Term>, Option<Sql>)> {
        let of_table = table.constraints.iter().filter_map(|constraint| match &constraint.rule {
            Rule::PrimaryKey { terms, .. } | Rule::Unique(terms) => Some((terms.clone(), None)),
            Rule::Check(_) | Rule::ForeignKey { .. } => None,
        });
        let of_indexes = self.by_table.get(name).into_iter().flatten().filter(|key| key.kind == Kind::Index);
        let of_indexes = of_indexes.filter_map(|key| match object(key.kind, &self.entries.get(key)?.sql) {
            Object::Index(index) if index.unique => Some((index.terms, index.filter)),
            _ => None,
        });
        of_table.chain(of_indexes).collect()
    }

    fn object(&self, name: &Ident) -> Option<Object> {
        let key = Key { kind: Kind::Table, name: name.clone() };
        Some(object(Kind::Table, &self.entries.get(&key)?.sql))
    }

    /// An index, view or trigger of this name, for which SQLite does not say to which table it belongs.
    fn named(&self, name: &Ident) -> Vec<Key> {
        let keys = [Kind::Index, Kind::View, Kind::Trigger].map(|kind| Key { kind, name: name.clone() });
        keys.into_iter().filter(|key| self.entries.contains_key(key)).collect()
    }

    fn forget(&mut self, keys: Vec<Key>, delta: &mut Delta) {
        for key in keys {
            let Some(before) = self.entries.remove(&key) else { continue };
            if let Some(siblings) = self.by_table.get_mut(&before.table) {
                siblings.remove(&key);
            }
            delta.0.insert(key, (Some(before), None));
        }
    }
}

fn read(conn: &Connection, which: &str, parameters: impl rusqlite::Params) -> rusqlite::Result<Vec<(Key, Entry)>> {
    let query = "SELECT type, name, tbl_name, sql FROM main.sqlite_master WHERE sql IS NOT NULL ".to_owned() + which;
    let mut statement = conn.prepare(&query)?;
    let rows = statement.query_map(parameters, entry)?;
    rows.filter_map(Result::transpose).collect()
}

fn parents(sql: &str) -> Vec<Ident> {
    let Object::Table(table) = object(Kind::Table, sql) else { return Vec::new() };
    let parents = table.constraints.into_iter().filter_map(|constraint| match constraint.rule {
        Rule::ForeignKey { parent, .. } => Some(parent),
        Rule::PrimaryKey { .. } | Rule::Unique(_) | Rule::Check(_) => None,
    });
    parents.collect()
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Option<(Key, Entry)>> {
    let Some(kind) = Kind::from_type(&row.get::<_, String>(0)?) else { return Ok(None) };
    let key = Key { kind, name: Ident::new(row.get::<_, String>(1)?) };
    let entry = Entry { table: Ident::new(row.get::<_, String>(2)?), sql: row.get::<_, String>(3)?.into() };
    Ok(Some((key, entry)))
}
