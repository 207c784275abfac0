//! How the migrations that are judged have led to the schema at the end.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::family::{Families, Family};
use super::finding::Subject;
use super::renaming;
use crate::schema::name::Ident;
use crate::schema::{Key, Object, Schema, object};
use crate::script::Script;

/// What each of the migrations that are judged has done to the schema.
#[derive(Debug, Default)]
pub(crate) struct Course {
    steps: BTreeMap<usize, BTreeMap<Key, Option<Former>>>,
    /// The steps that touched a table or its indexes.
    of_table: BTreeMap<Ident, Vec<usize>>,
    /// The steps that touched an object.
    of_object: BTreeMap<Key, Vec<usize>>,
}

/// An object as it was before.
#[derive(Debug, Clone)]
pub(crate) struct Former {
    /// The table that it belongs to.
    pub(crate) table: Ident,
    /// Its text.
    pub(crate) sql: Rc<str>,
}

/// Since when something holds of a table, and what it and its columns were called then.
#[derive(Debug)]
pub(super) struct Since {
    pub(super) at: usize,
    pub(super) table: Ident,
    pub(super) subject: Subject,
}

impl Course {
    /// Notes an object that the migration at this place has made, changed or dropped; `table` is the one it belongs to now.
    pub(crate) fn note(&mut self, at: usize, key: &Key, table: &Ident, before: Option<Former>) {
        for table in [Some(table), before.as_ref().map(|before| &before.table)].into_iter().flatten() {
            let steps = self.of_table.entry(table.clone()).or_default();
            if steps.last() != Some(&at) {
                steps.push(at);
            }
        }
        self.of_object.entry(key.clone()).or_default().push(at);
        self.steps.entry(at).or_default().insert(key.clone(), before);
    }

    /// The tables that were touched, or whose indexes were.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Ident> {
        self.of_table.keys()
    }

    /// An object as the migration at this place finds it, where `schema` is what there is at the end.
    pub(super) fn object(&self, at: usize, key: &Key, schema: &Schema) -> Option<Object> {
        let steps = self.of_object.get(key).map_or(&[][..], Vec::as_slice);
        match steps.get(steps.partition_point(|&step| step < at)) {
            Some(step) => Some(object(key.kind, &self.steps.get(step)?.get(key)?.as_ref()?.sql)),
            None => schema.0.get(key).cloned(),
        }
    }

    /// The migration since which there is an object of this name; none if there was before the first.
    pub(super) fn made(&self, key: &Key) -> Option<usize> {
        let mut steps = self.of_object.get(key)?.iter().rev().copied();
        steps.find(|&at| self.step(at).any(|(made, before)| made == key && before.is_none()))
    }

    /// What the migration at this place has made, changed or dropped, as it was before.
    fn step(&self, at: usize) -> impl Iterator<Item = (&Key, Option<&Former>)> {
        self.steps.get(&at).into_iter().flatten().map(|(key, before)| (key, before.as_ref()))
    }

    /// The migration since which something holds of a table that there is at the end; none if it held before the first.
    pub(super) fn since(
        &self,
        scripts: &[Script],
        families: &Families<'_>,
        name: &Ident,
        mut subject: Subject,
        holds: impl Fn(&Family<'_>, &Subject) -> bool,
    ) -> Option<Since> {
        let mut name = name.clone();
        let mut overlay: BTreeMap<&Key, Option<&Former>> = BTreeMap::new();
        let mut until = usize::MAX;
        loop {
            let steps = self.of_table.get(&name)?;
            let at = *steps[..steps.partition_point(|&at| at < until)].last()?;
            until = at;
            overlay.extend(self.step(at));
            let sql = &*scripts[at].up.text;
            let since = Since { at, table: name.clone(), subject: subject.clone() };
            subject.rename(|column| renaming::former_column(sql, &name, column));
            let family = families.before(&name, &overlay).or_else(|| {
                name = renaming::former_table(sql, &name)?;
                families.before(&name, &overlay)
            });
            let Some(family) = family else { return Some(since) };
            if !holds(&family, &subject) {
                return Some(since);
            }
        }
    }
}
