//! `sqlite_schema` in memory, followed by what each script touched: reading it whole after each would make the cost of a
//! history quadratic.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rusqlite::Connection;

use super::delta::Delta;
use super::entry::{Entry, Rows};
use crate::authorizer::Touched;
use crate::schema::index::Term;
use crate::schema::name::Ident;
use crate::schema::sql::Sql;
use crate::schema::table::{Rule, Table};
use crate::schema::{Key, Kind, Object, is_internal, object, shadow_tables};

/// The texts of all objects, as of the last look.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) entries: BTreeMap<Key, Entry>,
    /// What belongs to each table, itself included.
    by_table: BTreeMap<Ident, BTreeSet<Key>>,
    /// The inner tables of virtual ones.
    shadows: BTreeSet<Ident>,
    /// The tables whose foreign keys have ever pointed at a table.
    children: BTreeMap<Ident, BTreeSet<Ident>>,
    /// The tables that have ever had foreign keys.
    referring: BTreeSet<Ident>,
    /// What went last.
    former: Vec<Entry>,
    /// A row of `sqlite_schema` after which there is nothing that is not in here.
    last_row: Option<i64>,
    /// Whether there is something in here that SQLite has not said.
    pub(super) is_foretold: bool,
    /// Whether nothing may be taken to be as it was foretold.
    pub(super) is_asking: bool,
}

/// So many entries that went are kept.
const FORMER: usize = 16;

impl Catalog {
    /// Looks at what was touched since the last look.
    pub(super) fn follow(&mut self, conn: &Connection, touched: &Touched) -> rusqlite::Result<Delta> {
        let mut delta = Delta::default();
        let Touched { created, altered, dropped, renamed, written: _ } = touched;
        if created.is_empty() && altered.is_empty() && dropped.is_empty() && !renamed {
            return Ok(delta);
        }
        let now = if *renamed {
            self.other_than_known(Rows::all().read(conn)?, &mut delta)
        } else {
            for name in dropped.iter().chain(altered).map(Ident::new) {
                let alone = self.named(&name);
                let gone: Vec<Key> = self.by_table.get(&name).into_iter().flatten().cloned().chain(alone).collect();
                self.forget(gone, &mut delta);
            }
            if !dropped.is_empty() {
                // The rows that come next may take the places of those that went.
                self.last_row = None;
            }
            let rows = Rows::default().of_tables(altered);
            match self.last_row {
                Some(last) if !created.is_empty() => rows.after(last),
                _ => rows.named(created),
            }
            .read(conn)?
        };
        // All that is there is known, so whatever comes is added after any row that is there.
        self.last_row = now.iter().map(|(row, ..)| *row).chain(self.last_row).max();
        self.take_in(now.into_iter().map(|(_, key, entry)| (key, entry)), &mut delta);
        Ok(delta)
    }

    /// Those of all rows that are not in here as they are. What is not among the rows any more, or not as it was, is forgotten.
    fn other_than_known(&mut self, rows: Vec<(i64, Key, Entry)>, delta: &mut Delta) -> Vec<(i64, Key, Entry)> {
        self.last_row = rows.iter().map(|(row, ..)| *row).max();
        let (same, other): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|(_, key, entry)| self.entries.get(key) == Some(entry));
        if same.len() < self.entries.len() {
            let same: BTreeSet<&Key> = same.iter().map(|(_, key, _)| key).collect();
            let gone = self.entries.keys().filter(|key| !same.contains(key)).cloned().collect();
            self.forget(gone, delta);
        }
        other
    }

    /// Takes in entries that are there, whatever was forgotten of them.
    pub(super) fn take_in(&mut self, now: impl Iterator<Item = (Key, Entry)>, delta: &mut Delta) {
        for (key, entry) in now {
            // Where nothing has changed, what was read of it stays.
            let old = delta.0.get(&key).and_then(|(before, _)| before.as_ref()).filter(|before| **before == entry);
            if let Some(old) = old {
                self.by_table.entry(old.table.clone()).or_default().insert(key.clone());
                self.entries.insert(key.clone(), old.clone());
                delta.0.remove(&key);
                continue;
            }
            // A way back, and the second way up, make what was there a moment ago.
            let entry = self.former.iter().find(|former| **former == entry).cloned().unwrap_or(entry);
            self.shadows.extend(shadow_tables(key.name.as_str(), &entry.sql));
            let before = self.place(&key, entry.clone());
            delta.0.entry(key).or_insert((before, None)).1 = Some(entry);
        }
        delta.0.retain(|_, (before, after)| before != after);
        self.former.extend(delta.0.values().filter_map(|(before, _)| before.clone()).take(FORMER));
        self.former.drain(..self.former.len().saturating_sub(FORMER));
    }

    /// Puts an entry in its place, and returns what was there.
    pub(super) fn place(&mut self, key: &Key, entry: Entry) -> Option<Entry> {
        if key.kind == Kind::Table && has_foreign_keys(&entry.sql) {
            self.referring.insert(key.name.clone());
            for parent in entry.as_table().iter().flat_map(|table| table.parents()) {
                self.children.entry(parent.clone()).or_default().insert(key.name.clone());
            }
        }
        self.by_table.entry(entry.table.clone()).or_default().insert(key.clone());
        self.entries.insert(key.clone(), entry)
    }

    /// The primary key of a table.
    pub(super) fn key(&self, table: &Ident) -> Option<Vec<Ident>> {
        self.entry(table)?.as_table()?.key()
    }

    /// The ordinary tables among these names; the inner tables of virtual ones are not ordinary.
    pub(super) fn tables<'a>(&self, names: impl Iterator<Item = &'a Ident>) -> BTreeMap<Ident, Rc<Table>> {
        let found = names.filter_map(|name| Some((name.clone(), self.table(name)?)));
        found.collect()
    }

    /// All ordinary tables.
    pub(super) fn all_tables(&self) -> BTreeMap<Ident, Rc<Table>> {
        let keys = self.entries.keys().filter(|key| key.kind == Kind::Table);
        self.tables(keys.map(|key| &key.name))
    }

    /// An ordinary table, with the keys of the parents that its foreign keys leave unsaid.
    pub(super) fn table(&self, name: &Ident) -> Option<Rc<Table>> {
        if is_internal(name.as_str()) || self.shadows.contains(name) {
            return None;
        }
        let mut table = Rc::clone(self.entry(name)?.as_table()?);
        if table.leaves_keys_unsaid() {
            Rc::make_mut(&mut table).resolve_parents(|parent| self.key(parent));
        }
        Some(table)
    }

    /// Whether this is a virtual table.
    pub(super) fn is_virtual(&self, name: &Ident) -> bool {
        self.entry(name).is_some_and(|entry| entry.as_table().is_none())
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

    fn entry(&self, table: &Ident) -> Option<&Entry> {
        self.entries.get(&Key { kind: Kind::Table, name: table.clone() })
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

/// Whether the text of a table may have a foreign key. It is asked of every table, unoptimised, so most bytes are not looked
/// at: where a byte that stands at the end of the word is not in it, the word is not there either (Horspool's algorithm).
fn has_foreign_keys(sql: &str) -> bool {
    let bytes = sql.as_bytes();
    let mut end = REFERENCES.len();
    while end <= bytes.len() {
        let step = STEPS[bytes[end - 1] as usize];
        // The last letter, or one that is in the word before.
        if step == LAST && bytes[end - REFERENCES.len()..end].eq_ignore_ascii_case(REFERENCES) {
            return true;
        }
        end += step;
    }
    false
}

const REFERENCES: &[u8] = b"REFERENCES";

/// Its last letter is nowhere else in it.
const LAST: usize = REFERENCES.len();

/// How far on the word can be, by the byte that stands where it would end.
static STEPS: [usize; 256] = {
    let mut steps = [REFERENCES.len(); 256];
    let mut at = 0;
    while at + 1 < REFERENCES.len() {
        let step = REFERENCES.len() - 1 - at;
        steps[REFERENCES[at] as usize] = step;
        steps[REFERENCES[at].to_ascii_lowercase() as usize] = step;
        at += 1;
    }
    steps
};
