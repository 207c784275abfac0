//! Rows for tables: two with a value in every cell, one with NULL wherever that may be.

use std::collections::BTreeMap;
use std::rc::Rc;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::contents::marks;
use super::insertion::{Combinations, Insertion};
use super::mark::Mark;
use super::parents::{has_parent_among, in_order, last_two, parent};
use super::shape::{Guess, candidates, is_checked};
use crate::schema::name::{Ident, quote};
use crate::schema::table::{Column, Table};

/// Puts rows into tables, and knows which it has put there.
#[derive(Debug)]
pub(super) struct Population {
    marks: i64,
    pub(super) guess: Guess,
    /// Whether there is a row with NULLs.
    pub(super) nulls: bool,
    /// Whether no rows are to be added at all.
    pub(super) is_off: bool,
    rows: BTreeMap<Ident, Vec<(i64, Row)>>,
}

/// What the rows of a table are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Full,
    Nulls,
}

/// A table with as many rows as this gets no more.
const ENOUGH: i64 = 24;
/// So many combinations of candidates are tried before a table is left as it is.
const MOST_TRIES: usize = 64;

impl Population {
    pub(super) fn new(guess: Guess, nulls: bool) -> Self {
        Self { marks: 0, guess, nulls, is_off: false, rows: BTreeMap::new() }
    }

    /// Sees to it that tables have rows, and those a recognisable value in each cell. Parents come before their children. A
    /// table that cannot be filled is left as it is, and nobody is blamed for it.
    pub(super) fn fill(&mut self, conn: &Connection, tables: &BTreeMap<Ident, Rc<Table>>) {
        if self.is_off {
            return;
        }
        let order = in_order(tables);
        for name in &order {
            self.fill_one(conn, name, &tables[name]);
        }
        // In a circle, whoever was first has parents only now.
        if (0..order.len()).any(|at| has_parent_among(&tables[&order[at]], &order[at + 1..])) {
            for name in &order {
                self.fill_one(conn, name, &tables[name]);
            }
        }
    }

    fn fill_one(&mut self, conn: &Connection, name: &Ident, table: &Table) {
        let mut rows = self.rows.remove(name).unwrap_or_default();
        self.refresh(conn, name, table, &mut rows);
        let mut missing = if self.nulls { vec![Row::Full, Row::Full, Row::Nulls] } else { vec![Row::Full, Row::Full] };
        for (_, kind) in &rows {
            if let Some(at) = missing.iter().position(|other| other == kind) {
                missing.remove(at);
            }
        }
        self.rows.insert(name.clone(), rows);
        if missing.is_empty() {
            return;
        }
        let last = format!("SELECT 1 FROM main.{} LIMIT 1 OFFSET {}", quote(name.as_str()), ENOUGH - 1);
        if conn.prepare(&last).and_then(|mut last| last.exists([])).is_ok_and(|is_there| is_there) {
            return;
        }
        let Some(mut insertion) = Insertion::prepare(conn, name, table) else { return };
        for kind in missing {
            let Some(row) = self.insert(conn, &mut insertion, kind, &[]) else { break };
            self.rows.entry(name.clone()).or_default().push((row, kind));
        }
    }

    /// Gives rows values where they have none that can be recognised, such as in a new column; rows that are not there any
    /// more are forgotten. Keys stay, for children may point at them.
    fn refresh(&mut self, conn: &Connection, name: &Ident, table: &Table, rows: &mut Vec<(i64, Row)>) {
        if rows.is_empty() {
            return;
        }
        let columns: Vec<&Column> = table.columns.iter().filter(|column| column.generated.is_none()).collect();
        let list: Vec<String> = columns.iter().map(|column| quote(column.name.as_str())).collect();
        let query = format!("SELECT {} FROM main.{} WHERE rowid = ?1", list.join(", "), quote(name.as_str()));
        let Ok(mut query) = conn.prepare(&query) else { return rows.clear() };
        let read = |row: &rusqlite::Row<'_>| {
            (0..columns.len()).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()
        };
        rows.retain(|(row, kind)| {
            let values = query.query_row([row], read);
            if let (Ok(values), Row::Full) = (&values, kind) {
                self.refresh_row(conn, name, table, *row, columns.iter().copied().zip(values));
            }
            values.is_ok()
        });
    }

    fn refresh_row<'a>(
        &mut self,
        conn: &Connection,
        name: &Ident,
        table: &Table,
        row: i64,
        cells: impl Iterator<Item = (&'a Column, &'a Value)>,
    ) {
        for (column, value) in cells {
            if !marks(value).is_empty() || is_in_key(table, &column.name) {
                continue;
            }
            let update = format!(
                "UPDATE main.{} SET {} = ?1 WHERE rowid = ?2",
                quote(name.as_str()),
                quote(column.name.as_str())
            );
            let choices = self.choices(conn, name, table, column, Row::Full);
            // One that fits no candidate keeps what it has.
            let _ = conn.prepare(&update).map(|mut update| {
                choices.iter().find(|value| update.execute(rusqlite::params![value, row]).is_ok()).is_some()
            });
        }
    }

    /// Adds a row that has the values of another one in every column of `copied`.
    pub(super) fn copy(&mut self, conn: &Connection, name: &Ident, table: &Table, copied: &[Ident]) -> bool {
        let Some((first, _)) = self.rows.get(name).and_then(|rows| rows.first()).copied() else { return false };
        let mut fixed = Vec::new();
        for column in copied {
            let query =
                format!("SELECT {} FROM main.{} WHERE rowid = ?1", quote(column.as_str()), quote(name.as_str()));
            match conn.query_row(&query, [first], |row| row.get::<_, Value>(0)) {
                Ok(value) => fixed.push((column.clone(), value)),
                Err(_) => return false,
            }
        }
        self.add(conn, name, table, &fixed)
    }

    /// Adds a row with these values, and synthetic ones in the other columns.
    pub(super) fn add(&mut self, conn: &Connection, name: &Ident, table: &Table, fixed: &[(Ident, Value)]) -> bool {
        let insertion = Insertion::prepare(conn, name, table);
        insertion.is_some_and(|mut insertion| self.insert(conn, &mut insertion, Row::Full, fixed).is_some())
    }

    /// Adds one row, trying other candidates for columns with CHECKs; the rowid, if it could be done.
    fn insert(
        &mut self,
        conn: &Connection,
        insertion: &mut Insertion<'_>,
        kind: Row,
        fixed: &[(Ident, Value)],
    ) -> Option<i64> {
        let Insertion { name, table, columns, statement } = insertion;
        let mut choices: Vec<Vec<Value>> = Vec::new();
        for column in columns {
            choices.push(match fixed.iter().find(|(name, _)| *name == column.name) {
                Some((_, value)) => vec![value.clone()],
                None => self.choices(conn, name, table, column, kind),
            });
        }
        Combinations::new(&choices).take(MOST_TRIES).find_map(|values| {
            statement.execute(params_from_iter(values)).ok()?;
            Some(conn.last_insert_rowid())
        })
    }

    fn choices(&mut self, conn: &Connection, name: &Ident, table: &Table, column: &Column, kind: Row) -> Vec<Value> {
        self.marks += 1;
        let mark = Mark::new(self.marks);
        if kind == Row::Nulls && column.not_null.is_none() && !is_in_key(table, &column.name) {
            return vec![Value::Null];
        }
        if let Some((parent, key)) = parent(table, &column.name)
            && let Ok(keys) = last_two(conn, parent, &key)
        {
            let nth = usize::from(self.rows.get(name).is_some_and(|rows| rows.len() % 2 == 1));
            match keys.get(nth).or(keys.first()) {
                Some(value) => return vec![value.clone()],
                None if column.not_null.is_none() => return vec![Value::Null],
                // Somebody has to be the first in a tree; of a parent that cannot be filled there are no children.
                None if parent != name => return Vec::new(),
                None => {}
            }
        }
        let mut values = candidates(table, column, mark, self.guess);
        if !is_checked(table, column) {
            values.truncate(1);
        }
        values
    }
}

/// Whether the column is part of a key, where NULL would be no value of its own.
fn is_in_key(table: &Table, column: &Ident) -> bool {
    table.key().is_some_and(|key| key.contains(column))
}
