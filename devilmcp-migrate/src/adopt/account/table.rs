//! The tables in which other tools keep account, and what is in them.

use std::collections::BTreeMap;

use devilmcp_migrate_core::text;
use devilmcp_migrate_core::tool::Tool;
use rusqlite::{Connection, Row};

use crate::bookkeeping::{self, Found};
use crate::error::{Error, Inner};

/// More than anybody has written, and few enough to be read.
const MOST: usize = 100_000;

/// How a tool keeps account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    tool: Tool,
    pub(super) name: &'static str,
    /// The column with what the tool calls a migration.
    id: &'static str,
    /// The column with what was taken of its text, and how that is written in SQL.
    checksum: Option<(&'static str, Form)>,
    /// The column that says whether it was applied to the end.
    success: Option<&'static str>,
    /// The column by which rows are told apart that overrule each other.
    overruling: Option<(&'static str, &'static str)>,
}

/// How a checksum is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Blob,
    Text,
}

/// One migration, as a tool has entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) checksum: Option<String>,
    pub(super) is_done: bool,
}

impl Table {
    /// Of a tool; none if it keeps no table.
    pub(super) fn of(tool: Tool) -> Option<Self> {
        let plain = |name, id| Self { tool, name, id, checksum: None, success: None, overruling: None };
        Some(match tool {
            Tool::Alembic => plain("alembic_version", "version_num"),
            Tool::Dbmate => plain("schema_migrations", "version"),
            Tool::Diesel => plain("__diesel_schema_migrations", "version"),
            // A migration that was undone had a row of its own once.
            Tool::Goose => Self { overruling: Some(("id", "is_applied")), ..plain("goose_db_version", "version_id") },
            Tool::Refinery => {
                Self { checksum: Some(("checksum", Form::Text)), ..plain("refinery_schema_history", "version") }
            }
            Tool::SeaOrm => plain("seaql_migrations", "version"),
            Tool::Sqlx => Self {
                checksum: Some(("checksum", Form::Blob)),
                success: Some("success"),
                ..plain("_sqlx_migrations", "version")
            },
            Tool::RusqliteMigration => return None,
        })
    }

    /// What is in it; none if it is not there.
    pub(super) fn read(&self, conn: &Connection) -> Result<Option<Vec<Entry>>, Error> {
        let found = bookkeeping::look(conn, self.name)?;
        if let Some(oddity) = found.oddity() {
            return Err(self.not_as_written(oddity.to_owned()));
        }
        if found == Found::Nothing {
            return Ok(None);
        }
        let names = bookkeeping::columns(conn, self.name)?;
        let needed =
            [Some(self.id), self.checksum.map(|(name, _)| name), self.success, self.overruling.map(|(id, _)| id)];
        let needed = needed.into_iter().chain([self.overruling.map(|(_, applied)| applied)]).flatten();
        for column in needed {
            if !names.iter().any(|name| name.eq_ignore_ascii_case(column)) {
                return Err(self.not_as_written(format!("it has no column {column}")));
            }
        }
        let attempt = || Error::sqlite("read the account of another tool");
        let mut statement = conn.prepare(&self.query()).map_err(attempt())?;
        let rows = statement.query_map([], entry).map_err(attempt())?;
        let entries: Vec<Entry> = rows.collect::<Result<_, _>>().map_err(|error| match error {
            rusqlite::Error::InvalidColumnType(..) => {
                self.not_as_written("it holds a row that cannot be read".to_owned())
            }
            error => Error::sqlite("read the account of another tool")(error),
        })?;
        if entries.len() > MOST {
            return Err(self.not_as_written(format!("it has more than {MOST} rows")));
        }
        Ok(Some(if self.overruling.is_some() { latest(entries) } else { entries }))
    }

    fn query(&self) -> String {
        let id = text::expression(&format!("CAST({} AS TEXT)", self.id));
        let checksum = match self.checksum {
            Some((column, Form::Blob)) => text::expression(&format!("lower(hex({column}))")),
            Some((column, Form::Text)) => text::expression(column),
            None => "NULL".to_owned(),
        };
        let done = self.success.or(self.overruling.map(|(_, applied)| applied));
        let done = done.map_or_else(|| "1".to_owned(), |column| format!("CAST({column} AS INTEGER)"));
        let order = self.overruling.map_or(self.id, |(id, _)| id);
        format!("SELECT {id}, {checksum}, {done} FROM main.{} ORDER BY {order} LIMIT {}", self.name, MOST + 1)
    }

    /// What tells the tool that a migration was applied after all.
    pub(super) fn ended(&self, id: &str) -> String {
        format!("UPDATE {} SET {} = 1 WHERE {}", self.name, self.success.unwrap_or(self.id), self.row(id))
    }

    /// What tells it that it was not.
    pub(super) fn forgotten(&self, id: &str) -> String {
        format!("DELETE FROM {} WHERE {}", self.name, self.row(id))
    }

    /// What tells it that another text was meant.
    pub(super) fn corrected(&self, id: &str, checksum: &str) -> String {
        let (column, value) = match self.checksum {
            Some((column, Form::Blob)) => (column, format!("x'{checksum}'")),
            Some((column, Form::Text)) => (column, format!("'{checksum}'")),
            None => (self.id, self.id.to_owned()),
        };
        format!("UPDATE {} SET {column} = {value} WHERE {}", self.name, self.row(id))
    }

    fn row(&self, id: &str) -> String {
        format!("{} = '{}'", self.id, id.replace('\'', "''"))
    }

    fn not_as_written(&self, reason: String) -> Error {
        Inner::Account { tool: self.tool.title(), table: self.name, reason }.into()
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry { id: text::read(row, 0)?, checksum: text::optional(row, 1)?, is_done: row.get::<_, i64>(2)? != 0 })
}

/// Of rows that overrule each other, oldest first: those that say that a migration is applied now. The first of all is there to be
/// followed, and stands for none.
fn latest(entries: Vec<Entry>) -> Vec<Entry> {
    let mut latest: BTreeMap<String, Entry> = BTreeMap::new();
    for entry in entries {
        latest.insert(entry.id.clone(), entry);
    }
    latest.into_values().filter(|entry| entry.is_done && entry.id != "0").collect()
}
