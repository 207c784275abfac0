//! Objects -> a diagram.

use std::collections::BTreeSet;

use super::model::{Change, Column, Diagram, Reference, Role, Sort, Table, View};
use super::table::{empty, read};
use crate::generate::Objects;
use crate::schema::name::Ident;
use crate::schema::table::{self as schema, Constraint, Rule};
use crate::schema::{Key, Kind, Object};
use crate::token::significant;

impl Diagram {
    /// Of everything that there is.
    pub fn of(objects: &Objects) -> Self {
        Self::read(None, objects)
    }

    /// Of everything that there is or was, with what has changed.
    pub fn between(before: &Objects, after: &Objects) -> Self {
        Self::read(Some(before), after)
    }

    fn read(before: Option<&Objects>, after: &Objects) -> Self {
        let mut diagram = Self { is_comparison: before.is_some(), ..Self::default() };
        let sides = Sides { before, after };
        let names = sides.names(Kind::Table);
        for name in &names {
            diagram.tables.extend(sides.table(name));
        }
        for (child, name) in names.iter().enumerate() {
            diagram.refer(child, name, &sides);
        }
        for reference in &diagram.references {
            for column in &reference.columns {
                diagram.tables[reference.child].columns[*column].roles.insert(Role::Foreign);
            }
        }
        for name in sides.names(Kind::View) {
            diagram.views.extend(sides.view(&name));
        }
        diagram
    }

    /// Takes in the foreign keys of a table.
    fn refer(&mut self, child: usize, name: &Ident, sides: &Sides<'_>) {
        let keys = |objects: Option<&Objects>| -> BTreeSet<Constraint> {
            let table = objects.and_then(|objects| ordinary(objects, name));
            let constraints = table.iter().flat_map(|table| table.constraints.iter());
            constraints.filter(|constraint| matches!(constraint.rule, Rule::ForeignKey { .. })).cloned().collect()
        };
        let (was, is) = (keys(sides.before), keys(Some(sides.after)));
        let new = if self.is_comparison { Change::Added } else { Change::Kept };
        let there = is.iter().map(|key| (key, if was.contains(key) { Change::Kept } else { new }));
        let gone = was.difference(&is).map(|key| (key, Change::Removed));
        for (key, change) in there.chain(gone) {
            let Rule::ForeignKey { columns, parent, parent_columns, actions, deferred } = &key.rule else { continue };
            let parent = self.table(parent);
            let at = |table: usize, name: &Ident| {
                self.tables[table].columns.iter().position(|column| Ident::new(&*column.name) == *name)
            };
            let columns: Vec<usize> = columns.iter().filter_map(|column| at(child, column)).collect();
            let parent_columns = parent_columns.iter().map(|column| at(parent, column)).collect::<Option<Vec<usize>>>();
            let table = &self.tables[child];
            let is_key = |key: &Vec<usize>| !key.is_empty() && key.iter().all(|column| columns.contains(column));
            self.references.push(Reference {
                child,
                parent,
                parent_columns: parent_columns.unwrap_or_default(),
                actions: actions.iter().map(|action| action.as_str().to_ascii_uppercase()).collect(),
                deferred: *deferred,
                is_optional: columns.iter().any(|column| !table.columns[*column].not_null),
                is_unique: table.unique.iter().chain([&table.primary_key]).any(is_key),
                columns,
                change,
            });
        }
    }

    /// The table of this name; one that is missing is put in.
    fn table(&mut self, name: &Ident) -> usize {
        let known = self.tables.iter().position(|table| Ident::new(&*table.name) == *name);
        known.unwrap_or_else(|| {
            self.tables.push(Table { sort: Sort::Missing, ..empty(name) });
            self.tables.len() - 1
        })
    }
}

/// What was there, if anything is compared, and what is.
struct Sides<'a> {
    before: Option<&'a Objects>,
    after: &'a Objects,
}

impl Sides<'_> {
    fn both(&self) -> impl Iterator<Item = &Objects> {
        self.before.into_iter().chain([self.after])
    }

    fn names(&self, kind: Kind) -> Vec<Ident> {
        let keys = self.both().flat_map(|objects| objects.schema().0.keys());
        let names: BTreeSet<&Ident> = keys.filter(|key| key.kind == kind).map(|key| &key.name).collect();
        // As it is written now, if it is there.
        let written = |name: &Ident| {
            let key = Key { kind, name: name.clone() };
            self.after.schema().0.get_key_value(&key).map_or_else(|| name.clone(), |(key, _)| key.name.clone())
        };
        names.into_iter().map(written).collect()
    }

    fn change<T: PartialEq>(&self, before: Option<&T>, after: Option<&T>) -> Change {
        match (self.before, before, after) {
            (None, ..) | (_, None, None) => Change::Kept,
            (_, None, Some(_)) => Change::Added,
            (_, Some(_), None) => Change::Removed,
            (_, Some(before), Some(after)) => {
                if before == after {
                    Change::Kept
                } else {
                    Change::Changed
                }
            }
        }
    }

    fn table(&self, name: &Ident) -> Option<Table> {
        let key = Key { kind: Kind::Table, name: name.clone() };
        let [was, is] = [self.before, Some(self.after)].map(|objects| objects.and_then(|objects| read(objects, &key)));
        let was_there = was.is_some();
        // The text says the same in many ways.
        let plain = |table: &Option<Table>| table.as_ref().map(|table| Table { sql: String::new(), ..table.clone() });
        let change = self.change(plain(&was).as_ref(), plain(&is).as_ref());
        let mut table = match (was, is) {
            (Some(was), Some(is)) => merged(&was, is),
            (was, is) => is.or(was)?,
        };
        table.change = change;
        if !was_there || change == Change::Removed {
            table.columns.iter_mut().for_each(|column| column.change = change);
        }
        Some(table)
    }

    fn view(&self, name: &Ident) -> Option<View> {
        let key = Key { kind: Kind::View, name: name.clone() };
        let [was, is] =
            [self.before, Some(self.after)].map(|objects| objects.and_then(|objects| objects.schema().0.get(&key)));
        let side = if is.is_some() { self.after } else { self.before? };
        let entry = side.iter().find(|entry| entry.key == key)?;
        let named: BTreeSet<Ident> = significant(&entry.sql)
            .filter_map(|token| Ident::from_token(&token))
            .filter(|other| other != name)
            .collect();
        let is_read = |key: &&Key| matches!(key.kind, Kind::Table | Kind::View) && named.contains(&key.name);
        let mut reads: Vec<&Ident> = side.schema().0.keys().filter(is_read).map(|key| &key.name).collect();
        reads.sort_unstable();
        let reads = reads.into_iter().map(|name| name.as_str().to_owned()).collect();
        let (name, sql) = (name.as_str().to_owned(), entry.sql.clone());
        Some(View { name, reads, sql, change: self.change(was, is) })
    }
}

/// The columns of what is, with those that are gone where they stood.
fn merged(was: &Table, is: Table) -> Table {
    let is_same = |one: &Column, other: &Column| Ident::new(&*one.name) == Ident::new(&*other.name);
    let mut columns = is.columns.clone();
    for column in &mut columns {
        match was.columns.iter().find(|other| is_same(column, other)) {
            None => column.change = Change::Added,
            Some(other) if other == column => {}
            Some(other) => {
                column.was = Some(described(other));
                column.change = Change::Changed;
            }
        }
    }
    for (at, column) in was.columns.iter().enumerate() {
        if columns.iter().any(|other| is_same(column, other)) {
            continue;
        }
        let before = was.columns[..at].iter().rev();
        let after = before.into_iter().find_map(|before| columns.iter().position(|other| is_same(before, other)));
        columns.insert(after.map_or(0, |at| at + 1), Column { change: Change::Removed, ..column.clone() });
    }
    // What was inserted has moved the others.
    let moved = |at: &usize| columns.iter().position(|column| is_same(column, &is.columns[*at])).unwrap_or(*at);
    let primary_key = is.primary_key.iter().map(moved).collect();
    let unique = is.unique.iter().map(|key| key.iter().map(moved).collect()).collect();
    Table { columns, primary_key, unique, ..is }
}

/// `VARCHAR NOT NULL`
fn described(column: &Column) -> String {
    let declared = if column.declared_type.is_empty() { "untyped" } else { &column.declared_type };
    let default = column.default.iter().map(|default| format!(" DEFAULT {default}"));
    let not_null = column.not_null.then(|| " NOT NULL".to_owned());
    let unique = column.roles.contains(&Role::Unique).then(|| " UNIQUE".to_owned());
    let words: String = not_null.into_iter().chain(default).chain(unique).collect();
    format!("{declared}{words}")
}

fn ordinary<'a>(objects: &'a Objects, name: &Ident) -> Option<&'a schema::Table> {
    match objects.schema().0.get(&Key { kind: Kind::Table, name: name.clone() }) {
        Some(Object::Table(table)) => Some(table),
        Some(Object::Index(_) | Object::Other(_)) | None => None,
    }
}
