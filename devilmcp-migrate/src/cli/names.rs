//! The migrations that a person can mean, and what they are called.

use std::collections::BTreeMap;

use devilmcp_migrate_core::name::label;
use devilmcp_migrate_core::script::Script;

use crate::embedded::Embedded;
use crate::printable::printable;
use crate::status::Applied;
use crate::versioned::UnknownVersion;

/// Numbers and names: of what the program holds, and of what the database says was applied.
#[derive(Debug)]
pub(super) struct Names(BTreeMap<i64, String>);

impl Names {
    pub(super) fn of(embedded: &Embedded) -> Self {
        Self(embedded.migrations.iter().map(|migration| (migration.number, migration.name.to_owned())).collect())
    }

    /// Of these migrations.
    pub(super) fn of_scripts(scripts: &[Script]) -> Self {
        Self(scripts.iter().map(|script| (script.number.get(), script.slug.clone())).collect())
    }

    /// Those that are applied, too; a newer program may have done it.
    pub(super) fn and(mut self, history: &[Applied]) -> Self {
        for applied in history {
            self.0.entry(applied.number()).or_insert_with(|| applied.name().to_owned());
        }
        self
    }

    /// The number of what is meant by a number (`7`, `0007`), a name (`add_tags`) or both (`0007_add_tags`).
    pub(super) fn find(&self, text: &str) -> Result<i64, UnknownVersion> {
        let meant = text.parse().ok();
        let is_meant = |(number, name): &(&i64, &String)| {
            meant == Some(**number) || *name == text || label(**number, name) == text
        };
        let found = self.0.iter().find(is_meant).map(|(number, _)| *number);
        let end = |entry: Option<(&i64, &String)>| entry.map(|(number, name)| label(*number, name));
        found.ok_or_else(|| UnknownVersion::among(text, end(self.0.first_key_value()), end(self.0.last_key_value())))
    }

    /// The same; or 0 for `empty`, which is before the first.
    pub(super) fn find_or_empty(&self, text: &str) -> Result<i64, UnknownVersion> {
        if text == "empty" { Ok(0) } else { self.find(text) }
    }

    /// `0007_add_tags`
    pub(super) fn label(&self, number: i64) -> String {
        self.0.get(&number).map_or_else(|| id(number), |name| label(number, name))
    }

    /// Where a database stands, in words.
    pub(super) fn standing(&self, number: Option<i64>) -> String {
        let Some(number) = number else { return "the database is before the first migration".to_owned() };
        format!("the database is at {}", printable(&self.label(number)))
    }
}

pub(super) fn id(number: i64) -> String {
    format!("{number:04}")
}
