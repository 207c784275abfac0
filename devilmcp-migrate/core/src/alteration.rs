//! What a script has changed in a schema, in the words in which one would tell it.

use std::fmt;

use crate::diff::{Difference, TableDifference, differences};
use crate::generate::Objects;
use crate::lint::renaming::{Renaming, renamings};
use crate::replica::Replica;
use crate::schema::name::{Ident, bare};
use crate::schema::{Key, Kind, Object, Schema};
use crate::token::significant;

/// One thing that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alteration {
    /// Whether something came, went, or is another.
    pub sign: Sign,
    /// What it is about.
    pub object: Kind,
    /// The name of that.
    pub name: Ident,
    /// The table or view that it belongs to: of a table or view, itself.
    pub owner: Ident,
    text: String,
}

/// What has become of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
}

impl Sign {
    /// A word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    fn symbol(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Changed => '~',
        }
    }
}

impl fmt::Display for Alteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.sign.symbol(), self.text)
    }
}

/// The script that has led from one schema to another, or back: it tells what was renamed, and not dropped and made.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// It has led there.
    Up(&'a str),
    /// It leads back from there.
    Down(&'a str),
}

impl Told<'_> {
    fn renamings(self) -> Vec<Renaming> {
        match self {
            Self::Up(script) => {
                let mut found: Vec<Renaming> = renamings(script).collect();
                found.reverse();
                found
            }
            Self::Down(script) => renamings(script).map(Renaming::reversed).collect(),
        }
    }
}

/// Everything in which `after` is not what was `before`.
///
/// # Errors
/// SQLite's, where something was renamed and what was before cannot be made once more.
pub fn alterations(before: &Objects, after: &Objects, told: Told<'_>) -> rusqlite::Result<Vec<Alteration>> {
    let renamings = told.renamings();
    let (mut found, renamed);
    let before = if renamings.is_empty() {
        found = Vec::new();
        before
    } else {
        (found, renamed) = follow(before, after.schema(), renamings)?;
        &renamed
    };
    let mut differences: Vec<(Key, Vec<Alteration>)> = differences(after.schema(), before.schema())
        .iter()
        .filter(|difference| !goes_along(difference, before, after))
        .map(|difference| (key(difference), of(difference, before, after)))
        .collect();
    differences.sort_by(|(one, _), (other, _)| one.cmp(other));
    found.extend(differences.into_iter().flat_map(|(_, alterations)| alterations));
    Ok(found)
}

/// Renames what has in the end the new name, and not the old one.
fn follow(before: &Objects, after: &Schema, renamings: Vec<Renaming>) -> rusqlite::Result<(Vec<Alteration>, Objects)> {
    let replica = Replica::of(before)?;
    let mut found = Vec::new();
    for renaming in renamings.into_iter().filter(|renaming| lasts(renaming, after)) {
        let Renaming { table, column, to } = renaming;
        let [name, new] = [&table, &to].map(|name| bare(name.as_str()));
        let (statement, text, owner) = if let Some(column) = column {
            let old = bare(column.as_str());
            let statement = format!("ALTER TABLE {name} RENAME COLUMN {old} TO {new}");
            (statement, format!("{name}: column {old} is now {new}"), table)
        } else {
            (format!("ALTER TABLE {name} RENAME TO {new}"), format!("table {name} is now {new}"), to)
        };
        if replica.run(&statement).is_ok() {
            found.push(Alteration { sign: Sign::Changed, object: Kind::Table, name: owner.clone(), owner, text });
        }
    }
    Ok((found, replica.objects()?))
}

/// Whether the new name is there in the end, and the old one is not.
fn lasts(Renaming { table, column, to }: &Renaming, after: &Schema) -> bool {
    let Some(column) = column else {
        return after.0.contains_key(&table_key(to)) && !after.0.contains_key(&table_key(table));
    };
    let Some(Object::Table(table)) = after.0.get(&table_key(table)) else { return false };
    let has = |name: &Ident| table.columns.iter().any(|column| column.name == *name);
    has(to) && !has(column)
}

fn table_key(name: &Ident) -> Key {
    Key { kind: Kind::Table, name: name.clone() }
}

/// Whether it is on a table that is gone, too.
fn goes_along(difference: &Difference, before: &Objects, after: &Objects) -> bool {
    let Difference::Unexpected { key, found: _ } = difference else { return false };
    let owner = owner(before, key);
    let is_there = |kind: Kind| after.schema().0.contains_key(&Key { kind, name: owner.clone() });
    matches!(key.kind, Kind::Index | Kind::Trigger) && !is_there(Kind::Table) && !is_there(Kind::View)
}

fn owner(objects: &Objects, key: &Key) -> Ident {
    objects.iter().find(|entry| entry.key == *key).map_or_else(|| key.name.clone(), |entry| entry.owner.clone())
}

fn key(difference: &Difference) -> Key {
    match difference {
        Difference::Missing { key, .. } | Difference::Unexpected { key, .. } | Difference::Text { key, .. } => {
            key.clone()
        }
        Difference::Kind { name, expected, found: _ } => Key { kind: *expected, name: name.clone() },
        Difference::Table { name, about: _ } => table_key(name),
        Difference::Index { name, .. } => Key { kind: Kind::Index, name: name.clone() },
    }
}

/// `expected` is what is there now, and `found` what was before.
fn of(difference: &Difference, before: &Objects, after: &Objects) -> Vec<Alteration> {
    let one = |sign: Sign, key: &Key, objects: &Objects, text: String| {
        vec![Alteration { sign, object: key.kind, name: key.name.clone(), owner: owner(objects, key), text }]
    };
    match difference {
        Difference::Missing { key, expected } => one(Sign::Added, key, after, described(key, expected, after)),
        Difference::Unexpected { key, found } => one(Sign::Removed, key, before, described(key, found, before)),
        Difference::Kind { name, expected, found } => {
            let [came, went] = [expected, found].map(|kind| Key { kind: *kind, name: name.clone() });
            let named = |key: &Key| format!("{} {}", key.kind.as_str(), bare(key.name.as_str()));
            let mut both = one(Sign::Removed, &went, before, named(&went));
            both.extend(one(Sign::Added, &came, after, named(&came)));
            both
        }
        Difference::Table { name, about } => {
            let text = format!("{}: {}", bare(name.as_str()), column(about));
            one(Sign::Changed, &table_key(name), after, text)
        }
        Difference::Index { name, expected, found } => {
            let text = format!("index {} is {expected}, was {found}", bare(name.as_str()));
            one(Sign::Changed, &key(difference), after, text)
        }
        Difference::Text { key, .. } => {
            let text = format!("{} {} has another text", key.kind.as_str(), bare(key.name.as_str()));
            one(Sign::Changed, key, after, text)
        }
    }
}

/// `table tasks (3 columns)`
fn described(key: &Key, object: &Object, objects: &Objects) -> String {
    let name = bare(key.name.as_str());
    match object {
        Object::Table(table) => match table.columns.len() {
            1 => format!("table {name} (1 column)"),
            many => format!("table {name} ({many} columns)"),
        },
        Object::Index(index) => {
            // `INDEX ON tasks (status)`
            let text = index.to_string();
            let (kind, on) = text.split_once("INDEX").unwrap_or_default();
            format!("{}index {name}{on}", kind.to_ascii_lowercase())
        }
        Object::Other(_) if key.kind == Kind::Trigger => {
            format!("trigger {name} ON {}", bare(owner(objects, key).as_str()))
        }
        Object::Other(text) => match module(text.as_str()) {
            Some(module) => format!("virtual table {name} ({module})"),
            None => format!("{} {name}", key.kind.as_str()),
        },
    }
}

/// Of a virtual table.
fn module(sql: &str) -> Option<String> {
    let mut words = significant(sql);
    words.nth(1).filter(|word| word.is("VIRTUAL"))?;
    words.find(|word| word.is("USING"))?;
    words.next().map(|module| module.text.to_owned())
}

fn column(about: &TableDifference) -> String {
    let name = |name: &Ident| bare(name.as_str());
    match about {
        TableDifference::MissingColumn { column, expected } => format!("+ column {} {expected}", name(column)),
        TableDifference::UnexpectedColumn { column, found } => format!("- column {} {found}", name(column)),
        TableDifference::Column { column, expected, found } => {
            format!("column {} is {expected}, was {found}", name(column))
        }
        TableDifference::ColumnOrder { .. } => "the columns are in another order".to_owned(),
        TableDifference::MissingConstraint(constraint) => format!("+ {constraint}"),
        TableDifference::UnexpectedConstraint(constraint) => format!("- {constraint}"),
        TableDifference::Option { option, expected } => format!("{} {option}", if *expected { '+' } else { '-' }),
    }
}
