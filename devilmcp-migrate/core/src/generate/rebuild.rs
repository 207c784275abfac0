//! A table made anew, with its rows.
//!
//! Its rows are copied out, the table is dropped, made from the text that declares it, and its rows are copied back. `ALTER
//! TABLE ... RENAME` has no part in it: it would write the text of the table anew, and with it whatever names the table.

use super::direction::{Direction, Way};
use super::entry::Entry;
use super::filler::filler;
use super::layout::list;
use super::loss::Loss;
use super::refusal::Refusal;
use super::risk::risks;
use super::table::free_name;
use super::workbench::Rowid;
use crate::schema::name::{Ident, bare};
use crate::schema::table::{Column, Rule, Table};

/// A value that is carried over: how it is called in the new table, and how the old one is asked for it.
struct Carried {
    name: String,
    term: String,
}

impl Direction<'_> {
    /// Makes the table from the text of `entry`.
    pub(super) fn rebuild(&mut self, entry: &Entry, from: &Table, to: &Table, why: &str) -> Result<(), Refusal> {
        let table = &entry.key.name;
        let old = self.from.get(&entry.key).map_or(table, |entry| &entry.key.name).clone();
        let [here, there] = [self.here.rowid(table)?, self.there.rowid(table)?];
        let mut comment = vec![why.to_owned()];
        let is_given = |column: &Ident| self.wishes.default(table, column).is_some();
        let risks = risks(table, from, to, is_given);
        comment.extend(risks.iter().map(|risk| format!("Note: {risk}.")));
        self.risks.extend(risks);
        let mut carried: Vec<Carried> = rowid(from, here.as_ref(), there.as_ref()).into_iter().collect();
        let has_rowid = here.as_ref().map(|rowid| rowid.name);
        let is_key = |column: &Column| there.as_ref().is_some_and(|rowid| rowid.column.as_ref() == Some(&column.name));
        for column in to.columns.iter().filter(|column| column.generated.is_none()) {
            let value = self.value(table, [from, to], column, is_key(column), has_rowid, &mut comment)?;
            carried.extend(value.map(|value| Carried::new(bare(column.name.as_str()), &value)));
        }
        if carried.is_empty() {
            return self.replace(entry, &old, comment);
        }
        let copy = free_name(self, table);
        let (names, terms): (Vec<String>, Vec<String>) = carried.into_iter().map(|one| (one.name, one.term)).unzip();
        let (old_name, new_name, copy_name) = (bare(old.as_str()), bare(table.as_str()), bare(&copy));
        let select = list("SELECT ", &terms, &format!(" FROM {old_name}"));
        self.add(comment, format!("CREATE TEMP TABLE {copy_name} AS\n{select}"))?;
        let is_counted = [from, to].into_iter().all(is_autoincrement);
        let [old_text, new_text, copy_text] = [old.as_str(), table.as_str(), copy.as_str()].map(text);
        if is_counted {
            // It goes with the table, and the copies would count from the largest that is left.
            let comment =
                vec![format!("Keys that were used once are not used again: the count goes by {copy} meanwhile.")];
            self.add(comment, format!("UPDATE sqlite_sequence SET name = {copy_text} WHERE name = {old_text}"))?;
        }
        self.add(Vec::new(), format!("DROP TABLE {old_name}"))?;
        self.add(Vec::new(), entry.script())?;
        // Whatever a constraint says about conflicts: no row goes without a word.
        let insert = if has_conflict_clause(to) { "INSERT OR ABORT" } else { "INSERT" };
        let into = list(&format!("{insert} INTO {new_name} ("), &names, ")");
        // By their places: SQLite calls a copy of a column `true` otherwise, and takes "true" for a string then.
        self.add(Vec::new(), format!("{into}\nSELECT * FROM {copy_name}"))?;
        if is_counted {
            self.add(Vec::new(), format!("DELETE FROM sqlite_sequence WHERE name = {new_text}"))?;
            self.add(Vec::new(), format!("UPDATE sqlite_sequence SET name = {new_text} WHERE name = {copy_text}"))?;
        }
        self.add(Vec::new(), format!("DROP TABLE {copy_name}"))
    }

    /// Makes the table anew without its rows: nothing of them has a place in it.
    pub(super) fn replace(&mut self, entry: &Entry, old: &Ident, comment: Vec<String>) -> Result<(), Refusal> {
        let is_part = |loss: &Loss| matches!(loss, Loss::Column { table, .. } if *table == entry.key.name);
        self.losses.retain(|loss| !is_part(loss));
        self.losses.push(Loss::Rows(entry.key.name.clone()));
        self.add(comment, format!("DROP TABLE {}", bare(old.as_str())))?;
        self.add(Vec::new(), entry.script())
    }

    /// The value of a column for rows that are there; none if the column is left to its default.
    fn value(
        &mut self,
        table: &Ident,
        [from, to]: [&Table; 2],
        column: &Column,
        is_key: bool,
        rowid: Option<&str>,
        comment: &mut Vec<String>,
    ) -> Result<Option<String>, Refusal> {
        let name = bare(column.name.as_str());
        let given = self.wishes.default(table, &column.name);
        let old = from.columns.iter().find(|other| other.name == column.name);
        // A value that is there stays, unless it may not be there any more.
        let given = given.filter(|_| old.is_none_or(|old| !is_required(from, old) && is_required(to, column)));
        if given.is_some() {
            self.valued.insert((table.clone(), column.name.clone()));
        }
        Ok(match (old, given) {
            (Some(_), Some(given)) => Some(format!("coalesce({name}, {given})")),
            (None, Some(given)) => Some(format!("({given})")),
            (Some(_), None) => Some(name),
            (None, None) if is_key || !must_have_value(to, column) => None,
            (None, None) if self.way == Way::Up => {
                return Err(Refusal::Value { table: table.clone(), column: column.name.clone() });
            }
            (None, None) => {
                let value = filler(to, column, rowid);
                comment.push(format!("{value} stands for values of {} that do not come back.", column.name));
                Some(value)
            }
        })
    }
}

impl Carried {
    fn new(name: String, value: &str) -> Self {
        let term = if name == value { name.clone() } else { format!("{value} AS {name}") };
        Self { name, term }
    }
}

/// The rowid, unless it is a column that is carried over anyway, or a column that is there decides it.
fn rowid(from: &Table, here: Option<&Rowid>, there: Option<&Rowid>) -> Option<Carried> {
    let (here, there) = (here?, there?);
    let is_there = |column: &Ident| from.columns.iter().any(|other| other.name == *column);
    if there.column.as_ref().is_some_and(is_there) {
        return None;
    }
    // Where it is a column, SQLite would call it as that.
    let term = format!("{} AS {}", here.name, there.name);
    let plain = Carried::new(there.name.to_owned(), here.name);
    Some(if here.column.is_some() { Carried { term, ..plain } } else { plain })
}

fn must_have_value(table: &Table, column: &Column) -> bool {
    column.default.as_ref().is_none_or(|default| default.as_str() == "null") && is_required(table, column)
}

/// Whether the column is `NOT NULL`, said or not.
pub(super) fn is_required(table: &Table, column: &Column) -> bool {
    let is_key = table.key().is_some_and(|key| key.contains(&column.name));
    column.not_null.is_some() || is_key && (table.without_rowid || table.strict)
}

fn is_autoincrement(table: &Table) -> bool {
    table.constraints.iter().any(|constraint| matches!(constraint.rule, Rule::PrimaryKey { autoincrement: true, .. }))
}

pub(super) fn has_conflict_clause(table: &Table) -> bool {
    let is_said = |conflict: &str| !conflict.is_empty();
    table.constraints.iter().any(|constraint| is_said(constraint.conflict.as_str()))
        || table.columns.iter().filter_map(|column| column.not_null.as_ref()).any(|conflict| is_said(conflict.as_str()))
}

fn text(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}
