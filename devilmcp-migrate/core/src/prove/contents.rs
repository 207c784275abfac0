//! What is in the tables: the marks in each column.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

use super::mark::{Counts, Mark};
use crate::schema::name::{Ident, quote};
use crate::schema::table::Table;

/// The marks of some tables. Tables with too many rows to follow are known to be so.
#[derive(Debug, Clone, Default)]
pub(super) struct Contents {
    tables: BTreeMap<Ident, Option<Rc<Cells>>>,
}

/// How a table can be read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Readable<'a> {
    /// Column by column.
    Table(&'a Table),
    /// As its module pleases.
    Virtual,
    /// Not at all: it is not there, or it is the inner table of a virtual one.
    Nothing,
}

/// The marks in one table.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    /// By column.
    pub(super) columns: BTreeMap<Ident, Column>,
    /// Whether it is a virtual table: it may show what others have.
    pub(super) is_virtual: bool,
}

/// What is in one column.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) marks: Counts,
    /// Whether there are several values, marks or not.
    pub(super) is_varied: bool,
    first: Option<String>,
}

impl Cells {
    /// Whether there is anything in it that can be recognised.
    pub(super) fn has_marks(&self) -> bool {
        self.columns.values().any(|column| !column.marks.is_empty())
    }
}

impl Column {
    fn add(&mut self, text: String) {
        Mark::find_all(&text, &mut self.marks);
        match &self.first {
            Some(first) => self.is_varied |= *first != text,
            None => self.first = Some(text),
        }
    }
}

/// Tables with more rows are left alone.
const MOST_ROWS: usize = 200;

impl Contents {
    /// Reads a table anew; one that is not there is forgotten.
    pub(super) fn read(&mut self, conn: &Connection, name: &Ident, kind: Readable<'_>) {
        match kind {
            Readable::Table(table) => {
                let names = table.columns.iter().filter(|column| column.generated.is_none());
                let names: Vec<String> = names.map(|column| quote(column.name.as_str())).collect();
                self.tables.insert(name.clone(), cells(conn, name, &names.join(", ")).map(Rc::new));
            }
            // Where a virtual table keeps nothing to read, nothing is in it.
            Readable::Virtual => {
                let cells = cells(conn, name, "*").unwrap_or_default();
                self.tables.insert(name.clone(), Some(Rc::new(Cells { is_virtual: true, ..cells })));
            }
            Readable::Nothing => {
                self.tables.remove(name);
            }
        }
    }

    /// Whether no table has anything in it that can be recognised.
    pub(super) fn is_empty(&self) -> bool {
        !self.tables.values().flatten().any(|cells| cells.has_marks())
    }

    /// The part that is about these tables.
    pub(super) fn of(&self, names: &BTreeSet<Ident>) -> Self {
        let tables = names.iter().filter_map(|name| Some((name.clone(), self.tables.get(name)?.clone())));
        Self { tables: tables.collect() }
    }

    /// With the tables of `others` that are not in it.
    pub(super) fn or(&self, others: &Self) -> Self {
        let tables = others.tables.iter().chain(&self.tables);
        Self { tables: tables.map(|(name, cells)| (name.clone(), cells.clone())).collect() }
    }

    /// Whether the table is there and can be followed.
    pub(super) fn get(&self, name: &Ident) -> Option<&Cells> {
        self.tables.get(name)?.as_deref()
    }

    /// Whether the table is there, and too large to follow.
    pub(super) fn is_opaque(&self, name: &Ident) -> bool {
        matches!(self.tables.get(name), Some(None))
    }

    /// The marks in one column.
    pub(super) fn marks(&self, table: &Ident, column: &Ident) -> Vec<Mark> {
        let column = self.get(table).and_then(|cells| cells.columns.get(column));
        column.map(|column| column.marks.keys().copied().collect()).unwrap_or_default()
    }

    /// How often any of these marks occurs anywhere.
    pub(super) fn occurrences(&self, marks: &[Mark]) -> usize {
        let columns = self.tables.values().flatten().flat_map(|cells| cells.columns.values());
        columns.map(|column| marks.iter().filter_map(|mark| column.marks.get(mark)).sum::<usize>()).sum()
    }

    /// How often each mark occurs in these tables.
    pub(super) fn counts<'a>(&self, names: impl Iterator<Item = &'a Ident>) -> Counts {
        let mut counts = Counts::new();
        for column in names.filter_map(|name| self.get(name)).flat_map(|cells| cells.columns.values()) {
            for (mark, count) in &column.marks {
                *counts.entry(*mark).or_default() += count;
            }
        }
        counts
    }
}

/// Reads at most [`MOST_ROWS`]; none if there are more, or if the table cannot be read.
fn cells(conn: &Connection, table: &Ident, list: &str) -> Option<Cells> {
    let query = format!("SELECT {list} FROM main.{} LIMIT {}", quote(table.as_str()), MOST_ROWS + 1);
    let mut statement = conn.prepare(&query).ok()?;
    let columns: Vec<Ident> = statement.column_names().into_iter().map(Ident::new).collect();
    let mut rows = statement.query([]).ok()?;
    let mut found = vec![Column::default(); columns.len()];
    let mut count = 0;
    while let Some(row) = rows.next().ok()? {
        count += 1;
        for (at, column) in found.iter_mut().enumerate() {
            if let Some(text) = text(row.get_ref(at).ok()?) {
                column.add(text);
            }
        }
    }
    let columns = columns.into_iter().zip(found).collect();
    (count <= MOST_ROWS).then_some(Cells { columns, is_virtual: false })
}

/// The marks in one value.
pub(super) fn marks(value: &Value) -> Counts {
    let mut marks = Counts::new();
    Mark::find_all(&text(value.into()).unwrap_or_default(), &mut marks);
    marks
}

/// A value as text; none of NULL.
pub(super) fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}
