//! A table and its indexes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::course::Former;
use crate::schema::index::{Index, Term};
use crate::schema::name::Ident;
use crate::schema::sql::Sql;
use crate::schema::table::{Constraint, Rule, Table};
use crate::schema::{Key, Kind, Object, Schema, object};

/// A table and its indexes, as they are at some point.
#[derive(Debug)]
pub(super) struct Family<'a> {
    pub(super) name: Ident,
    pub(super) table: Cow<'a, Table>,
    pub(super) indexes: BTreeMap<Ident, Cow<'a, Index>>,
}

/// The tables at the end, and which indexes are on each.
#[derive(Debug)]
pub(super) struct Families<'a> {
    schema: &'a Schema,
    indexes: BTreeMap<&'a Ident, Vec<(&'a Ident, &'a Index)>>,
}

impl<'a> Families<'a> {
    pub(super) fn of(schema: &'a Schema) -> Self {
        let mut indexes: BTreeMap<&Ident, Vec<(&Ident, &Index)>> = BTreeMap::new();
        for (key, object) in &schema.0 {
            if let Object::Index(index) = object {
                indexes.entry(&index.table).or_default().push((&key.name, index));
            }
        }
        Self { schema, indexes }
    }

    /// A table as it is at the end; none if there is none of this name, or it is virtual.
    pub(super) fn get(&self, name: &Ident) -> Option<Family<'a>> {
        self.before(name, &BTreeMap::new())
    }

    /// A table as it was when these objects were otherwise.
    pub(super) fn before(&self, name: &Ident, overlay: &BTreeMap<&Key, Option<&Former>>) -> Option<Family<'a>> {
        let key = Key { kind: Kind::Table, name: name.clone() };
        let table = match overlay.get(&key) {
            Some(former) => match object(Kind::Table, &former.as_ref()?.sql) {
                Object::Table(table) => Cow::Owned(table),
                Object::Index(_) | Object::Other(_) => return None,
            },
            None => match self.schema.0.get_key_value(&key)? {
                (_, Object::Table(table)) => Cow::Borrowed(table),
                (_, Object::Index(_) | Object::Other(_)) => return None,
            },
        };
        let mut indexes = BTreeMap::new();
        for &(index, read) in self.indexes.get(name).into_iter().flatten() {
            let key = Key { kind: Kind::Index, name: index.clone() };
            if !overlay.contains_key(&key) {
                indexes.insert(index.clone(), Cow::Borrowed(read));
            }
        }
        for (key, former) in overlay {
            let Some(former) = former.filter(|former| key.kind == Kind::Index && former.table == *name) else {
                continue;
            };
            if let Object::Index(index) = object(Kind::Index, &former.sql) {
                indexes.insert(key.name.clone(), Cow::Owned(index));
            }
        }
        Some(Family { name: name.clone(), table, indexes })
    }
}

impl Family<'_> {
    /// All by which rows can be found, but for indexes over some of them.
    pub(super) fn lists(&self) -> impl Iterator<Item = List<'_>> {
        let of_table = self.table.constraints.iter().filter_map(|Constraint { rule, .. }| match rule {
            Rule::PrimaryKey { terms, .. } => Some(List { terms, is_unique: true, index: None, what: "primary key" }),
            Rule::Unique(terms) => Some(List { terms, is_unique: true, index: None, what: "UNIQUE constraint" }),
            Rule::Check(_) | Rule::ForeignKey { .. } => None,
        });
        let whole = self.indexes.iter().filter(|(_, index)| index.filter.is_none());
        let of_indexes = whole.map(|(name, index)| List {
            terms: &index.terms,
            is_unique: index.unique,
            index: Some(name),
            what: "index",
        });
        of_table.chain(of_indexes)
    }
}

/// A list of columns by which rows are found.
#[derive(Debug)]
pub(super) struct List<'a> {
    pub(super) terms: &'a [Term],
    /// Whether no two rows can be alike in it.
    pub(super) is_unique: bool,
    /// The index that it is of; none if it is of a constraint.
    pub(super) index: Option<&'a Ident>,
    pub(super) what: &'static str,
}

/// The column that a filter wants to be there, if it wants nothing else: `a IS NOT NULL`.
pub(super) fn only_present(filter: &Sql) -> Option<Ident> {
    let text = filter.as_str();
    let column = text.strip_suffix(" is not null").or_else(|| text.strip_suffix(" notnull"))?;
    let tokens: Vec<_> = crate::token::significant(column).collect();
    match &*tokens {
        [name] => Ident::from_token(name),
        _ => None,
    }
}
