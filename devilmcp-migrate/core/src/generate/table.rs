//! A table that is there, and is to be another.

use super::alter::{Alteration, Side};
use super::direction::{Direction, Way};
use super::entry::Entry;
use super::expression::fault;
use super::loss::Loss;
use super::refusal::Refusal;
use super::wishes::Order;
use crate::diff::{TableDifference, table_differences};
use crate::schema::name::Ident;
use crate::schema::table::Table;
use crate::schema::{Kind, Object, Schema};

impl Direction<'_> {
    /// Makes a table what it is to be.
    pub(super) fn table(&mut self, entry: &Entry) -> Result<(), Refusal> {
        if !self.here.has(&entry.key)? {
            return self.add(Vec::new(), entry.script());
        }
        if self.from.has_same(self.to, entry) {
            return Ok(());
        }
        match (self.from.object(&entry.key), self.to.object(&entry.key)) {
            (Some(Object::Table(from)), Some(Object::Table(to))) => self.change(entry, from, to),
            (Some(Object::Other(_)), Some(Object::Other(_))) => self.virtual_table(entry),
            _ => Err(Refusal::Unread(entry.key.clone())),
        }
    }

    fn change(&mut self, entry: &Entry, from: &Table, to: &Table) -> Result<(), Refusal> {
        let name = &entry.key.name;
        let differences = table_differences(to, from);
        let is_order = |difference: &TableDifference| matches!(difference, TableDifference::ColumnOrder { .. });
        if differences.iter().all(is_order) && self.keeps_order() {
            return Ok(());
        }
        self.try_values(name)?;
        let lost = from.columns.iter().filter(|column| {
            let still = to.columns.iter().find(|other| other.name == column.name);
            column.generated.is_none() && still.is_none_or(|still| still.generated.is_some())
        });
        self.losses.extend(lost.map(|column| Loss::Column { table: name.clone(), column: column.name.clone() }));
        let from_sql = self.from.get(&entry.key).map_or("", |entry| &entry.sql);
        let has_triggers = self.from.of_kind(Kind::Trigger).any(|trigger| trigger.owner == *name);
        let [before, after] = [Side { table: from, sql: from_sql }, Side { table: to, sql: &entry.sql }];
        let alteration = Alteration { name, from: before, to: after, wishes: self.wishes, has_triggers };
        if let Some(steps) = alteration.steps() {
            let statements = steps.iter().map(|step| step.sql.as_str());
            let is_reached = |schema: &Schema| {
                let Some(Object::Table(made)) = schema.0.get(&entry.key) else { return false };
                table_differences(to, made).iter().all(|left| is_order(left) && self.keeps_order())
            };
            if self.here.attempt(statements, is_reached)? {
                self.valued.extend(alteration.valued().map(|column| (name.clone(), column.name.clone())));
                for step in steps {
                    self.needs = self.needs.max(step.since);
                    self.write(step.comment(), step.sql);
                    self.risks.extend(step.risk);
                }
                return Ok(());
            }
        }
        let why = differences.iter().map(why).collect::<Vec<_>>().join("; ");
        self.rebuild(entry, from, to, &format!("{name} is made anew: {why}."))
    }

    /// Whether columns may stand where they come to stand. What went and comes back, comes back to its place.
    fn keeps_order(&self) -> bool {
        self.way == Way::Up && self.wishes.order == Order::Kept
    }

    /// Whether the values that were given for its columns can be had of its rows, which are as they were.
    fn try_values(&self, table: &Ident) -> Result<(), Refusal> {
        for (column, value) in self.wishes.defaults_of(table).filter(|_| self.way == Way::Up) {
            let fault = match fault(value) {
                None => self.here.fault(table, value)?,
                fault => fault,
            };
            if let Some(fault) = fault {
                return Err(Refusal::Expression { column: column.clone(), value: value.to_owned(), fault });
            }
        }
        Ok(())
    }
}

/// What is different, in words that look ahead.
fn why(difference: &TableDifference) -> String {
    match difference {
        TableDifference::MissingColumn { column, .. } => format!("{column} is new"),
        TableDifference::UnexpectedColumn { column, .. } => format!("{column} goes"),
        TableDifference::Column { column, expected, .. } => format!("{column} becomes {expected}"),
        TableDifference::ColumnOrder { .. } => "its columns stand in another order".to_owned(),
        TableDifference::MissingConstraint(constraint) => format!("{constraint} is new"),
        TableDifference::UnexpectedConstraint(constraint) => format!("{constraint} goes"),
        TableDifference::Option { option, expected: true } => format!("it becomes {option}"),
        TableDifference::Option { option, expected: false } => format!("it is not {option} any more"),
    }
}

/// A name that no object of either schema has.
pub(super) fn free_name(direction: &Direction<'_>, table: &Ident) -> String {
    let mut name = format!("{table}_rows");
    let is_taken = |name: &str| {
        let name = Ident::new(name);
        direction.from.iter().chain(direction.to.iter()).any(|entry| entry.key.name == name)
    };
    while is_taken(&name) {
        name.push('_');
    }
    name
}
