//! The statement that adds a row to a table, and the values to try it with.

use rusqlite::types::Value;
use rusqlite::{Connection, Statement};

use crate::schema::name::{Ident, quote};
use crate::schema::table::{Column, Table};

/// The statement that adds a row to a table.
pub(super) struct Insertion<'a> {
    pub(super) name: &'a Ident,
    pub(super) table: &'a Table,
    pub(super) columns: Vec<&'a Column>,
    pub(super) statement: Statement<'a>,
}

impl<'a> Insertion<'a> {
    pub(super) fn prepare(conn: &'a Connection, name: &'a Ident, table: &'a Table) -> Option<Self> {
        let columns: Vec<&Column> = table.columns.iter().filter(|column| column.generated.is_none()).collect();
        let list: Vec<String> = columns.iter().map(|column| quote(column.name.as_str())).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO main.{} ({}) VALUES ({places})", quote(name.as_str()), list.join(", "));
        Some(Self { name, table, columns, statement: conn.prepare(&sql).ok()? })
    }
}

/// One candidate for each column: all first ones, then every other combination, the first columns changing fastest.
pub(super) struct Combinations<'a> {
    choices: &'a [Vec<Value>],
    at: Option<Vec<usize>>,
}

impl<'a> Combinations<'a> {
    pub(super) fn new(choices: &'a [Vec<Value>]) -> Self {
        let at = choices.iter().all(|values| !values.is_empty()).then(|| vec![0; choices.len()]);
        Self { choices, at }
    }
}

impl<'a> Iterator for Combinations<'a> {
    type Item = Vec<&'a Value>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at.as_mut()?;
        let values = self.choices.iter().zip(&*at).map(|(values, at)| &values[*at]).collect();
        let turn = (0..at.len()).find(|column| at[*column] + 1 < self.choices[*column].len());
        match turn {
            Some(column) => {
                at[..column].fill(0);
                at[column] += 1;
            }
            None => self.at = None,
        }
        Some(values)
    }
}
