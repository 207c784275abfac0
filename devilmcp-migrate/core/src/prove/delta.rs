//! What one script has done to the schema.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::catalog::Catalog;
use super::entry::Entry;
use crate::diff::{Difference, differences};
use crate::lint::{Course, Former};
use crate::schema::name::Ident;
use crate::schema::{Key, Kind, Schema, is_internal, shadow_tables};

/// What one script has done to the schema: the entries it touched, as they were before and as they are after.
#[derive(Debug, Clone, Default)]
pub(super) struct Delta(pub(super) BTreeMap<Key, Sides>);

/// An entry before and after.
type Sides = (Option<Entry>, Option<Entry>);

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

impl Delta {
    /// What this has done to what is now the `catalog`, object by object; the inner tables of virtual ones are not mentioned.
    pub(super) fn changes(&self, catalog: &Catalog) -> Vec<Change> {
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for (key, (before, after)) in self.0.iter().filter(|(key, _)| key.kind == Kind::Table) {
            gone.extend(before.iter().flat_map(|entry| shadow_tables(key.name.as_str(), &entry.sql)));
            come.extend(after.iter().flat_map(|entry| shadow_tables(key.name.as_str(), &entry.sql)));
        }
        let is_inner = |key: &Key, shadows: &[Ident]| key.kind == Kind::Table && shadows.contains(&key.name);
        let sides = OnceCell::new();
        let effect = |key: &Key, (before, after): &Sides| {
            if is_internal(key.name.as_str()) {
                return None;
            }
            let before = before.as_ref().filter(|_| !is_inner(key, &gone));
            let after = after.as_ref().filter(|_| !is_inner(key, &come));
            match (before, after) {
                (None, Some(_)) => Some(Effect::Creates),
                (Some(_), None) => Some(Effect::Drops),
                (Some(before), Some(after)) => {
                    let is_same = before.says_the_same(after, key.kind).unwrap_or_else(|| {
                        let [before, after] = sides.get_or_init(|| self.rewritten().schemas(catalog));
                        before.0.get(key) == after.0.get(key)
                    });
                    (!is_same).then_some(Effect::Changes)
                }
                (None, None) => None,
            }
        };
        let mut changes = Vec::with_capacity(self.0.len());
        for (key, sides) in &self.0 {
            changes.extend(effect(key, sides).map(|effect| Change { key: key.clone(), effect }));
        }
        changes
    }

    /// The part that has another text on either side.
    fn rewritten(&self) -> Self {
        let is_rewritten = |(_, sides): &(&Key, &Sides)| sides.0.is_some() && sides.1.is_some();
        Self(self.0.iter().filter(is_rewritten).map(|(key, sides)| (key.clone(), sides.clone())).collect())
    }

    /// What it makes, changes or drops, with the table that each belongs to.
    pub(super) fn objects(&self) -> impl Iterator<Item = (&Key, &Ident)> {
        self.0.iter().filter_map(|(key, (before, after))| Some((key, &after.as_ref().or(before.as_ref())?.table)))
    }

    /// Tells the lints what the migration at this place has done.
    pub(super) fn note(&self, at: usize, course: &mut Course) {
        for (key, table) in self.objects() {
            let before = self.0.get(key).and_then(|(before, _)| before.as_ref());
            course.note(
                at,
                key,
                table,
                before.map(|entry| Former { table: entry.table.clone(), sql: entry.sql.clone() }),
            );
        }
    }

    /// The tables in it, and those that its indexes and triggers are on.
    pub(super) fn tables(&self) -> BTreeSet<Ident> {
        let sides = self.0.values().flat_map(|(before, after)| before.iter().chain(after));
        sides.map(|entry| entry.table.clone()).collect()
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

fn schema<'a>(entries: impl Iterator<Item = (&'a Key, &'a Option<Entry>)>) -> Schema {
    let there = entries.filter_map(|(key, entry)| Some((key, entry.as_ref()?)));
    Schema::from_objects(there.map(|(key, entry)| (key.clone(), &*entry.sql, entry.object(key.kind))))
}
