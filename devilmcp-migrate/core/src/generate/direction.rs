//! One way: everything that leads from one schema to the other, in order.

use std::collections::BTreeSet;

use super::entry::{Entry, Objects};
use super::layout::Paragraph;
use super::loss::Loss;
use super::refusal::Refusal;
use super::risk::Risk;
use super::virtual_table;
use super::wishes::{Order, Wishes};
use super::workbench::Workbench;
use crate::diff::{Difference, differences};
use crate::feature::Version;
use crate::schema::name::{Ident, bare};
use crate::schema::{Key, Kind, Object};

/// Which way it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// What is missing is asked for.
    Up,
    /// What is missing is made up: what was dropped does not come back.
    Down,
}

/// The statements so far, and the database as they have made it.
pub(super) struct Direction<'a> {
    pub(super) from: &'a Objects,
    pub(super) to: &'a Objects,
    pub(super) wishes: &'a Wishes,
    pub(super) way: Way,
    /// As far as the statements have brought it.
    pub(super) here: Workbench,
    /// As it is to be.
    pub(super) there: Workbench,
    /// Columns that rows need a value for.
    pub(super) valued: BTreeSet<(Ident, Ident)>,
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) losses: Vec<Loss>,
    pub(super) risks: Vec<Risk>,
    /// The SQLite that it needs, if not every one can.
    pub(super) needs: Option<Version>,
}

impl<'a> Direction<'a> {
    /// What goes, goes first, so that its name is free; what comes, comes in the order in which it was declared.
    pub(super) fn between(from: &'a Objects, to: &'a Objects, wishes: &'a Wishes, way: Way) -> Result<Self, Refusal> {
        let (here, there) = (Workbench::with(from)?, Workbench::with(to)?);
        let mut direction = Self {
            from,
            to,
            wishes,
            way,
            here,
            there,
            valued: BTreeSet::new(),
            paragraphs: Vec::new(),
            losses: Vec::new(),
            risks: Vec::new(),
            needs: None,
        };
        for kind in [Kind::Trigger, Kind::View, Kind::Index, Kind::Table] {
            direction.drop(kind)?;
        }
        for table in to.of_kind(Kind::Table) {
            direction.table(table)?;
            for index in to.of_kind(Kind::Index).filter(|index| index.owner == table.key.name) {
                direction.make(index)?;
            }
        }
        for view in to.of_kind(Kind::View) {
            direction.make(view)?;
        }
        direction.fill_from_elsewhere()?;
        for trigger in to.of_kind(Kind::Trigger) {
            direction.make(trigger)?;
        }
        direction.compare()?;
        Ok(direction)
    }

    /// Writes a statement down, once it has worked.
    pub(super) fn add(&mut self, comment: Vec<String>, sql: String) -> Result<(), Refusal> {
        match self.here.run(&sql) {
            Ok(()) => self.write(comment, sql),
            Err(error) => return Err(Refusal::Fails { sql, error }),
        }
        Ok(())
    }

    /// Writes down a statement that has been run.
    pub(super) fn write(&mut self, comment: Vec<String>, sql: String) {
        self.paragraphs.push(Paragraph { comment, sql });
    }

    /// Makes an object from its text, if it is not there.
    fn make(&mut self, entry: &Entry) -> Result<(), Refusal> {
        if self.here.has(&entry.key)? { Ok(()) } else { self.add(Vec::new(), entry.script()) }
    }

    fn drop(&mut self, kind: Kind) -> Result<(), Refusal> {
        let from = self.from;
        for entry in from.of_kind(kind).rev() {
            // With what it belongs to, it goes by itself.
            if !self.goes(entry) || from.owner(entry).is_some_and(|owner| self.goes(owner)) {
                continue;
            }
            if kind == Kind::Table && virtual_table::keeps_data(&entry.sql) {
                self.losses.push(Loss::Rows(entry.key.name.clone()));
            }
            let word = kind.as_str().to_ascii_uppercase();
            self.add(Vec::new(), format!("DROP {word} {}", bare(entry.key.name.as_str())))?;
        }
        Ok(())
    }

    /// Whether an object is dropped, perhaps for another one of its name. A table that is made anew is not.
    fn goes(&self, entry: &Entry) -> bool {
        let is_table = |objects: &Objects| matches!(objects.object(&entry.key), Some(Object::Table(_)));
        let is_remade = entry.key.kind == Kind::Table
            && self.to.get(&entry.key).is_some()
            && is_table(self.from) == is_table(self.to);
        !is_remade && !self.to.has_same(self.from, entry)
    }

    /// Full-text indexes over what other tables and views have, once these are there.
    fn fill_from_elsewhere(&mut self) -> Result<(), Refusal> {
        for entry in self.to.of_kind(Kind::Table) {
            let Some(content) = virtual_table::content(&entry.sql) else { continue };
            let is_new = |entry: &&Entry| !self.from.has_same(self.to, entry);
            let has_content = [Kind::Table, Kind::View]
                .into_iter()
                .any(|kind| self.to.get(&Key { kind, name: content.clone() }).is_some());
            if is_new(&entry) && has_content {
                let name = bare(entry.key.name.as_str());
                self.add(Vec::new(), format!("INSERT INTO {name} ({name}) VALUES ('rebuild')"))?;
            }
        }
        Ok(())
    }

    /// Whether it has led there.
    fn compare(&self) -> Result<(), Refusal> {
        let is_wanted = |difference: &Difference| !difference.is_order() || self.wishes.order == Order::Declared;
        let mut left = differences(self.to.schema(), &self.here.schema()?);
        left.retain(is_wanted);
        if left.is_empty() { Ok(()) } else { Err(Refusal::Unreached(left)) }
    }
}
