//! A database in memory, on which each statement is tried before it is written down.

use rusqlite::Connection;

use super::entry::Objects;
use crate::run::message;
use crate::schema::name::{Ident, quote};
use crate::schema::{Key, Schema};

/// A database without rows that has the schema as far as the statements so far have brought it.
pub(super) struct Workbench(Connection);

impl Workbench {
    /// With these objects.
    pub(super) fn with(objects: &Objects) -> rusqlite::Result<Self> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; BEGIN")?;
        let bench = Self(conn);
        for entry in objects.iter() {
            bench.run(&entry.sql)?;
        }
        Ok(bench)
    }

    pub(super) fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.0.execute_batch(sql)
    }

    pub(super) fn schema(&self) -> rusqlite::Result<Schema> {
        Schema::read(&self.0)
    }

    pub(super) fn objects(&self) -> rusqlite::Result<Objects> {
        Objects::read(&self.0)
    }

    pub(super) fn has(&self, key: &Key) -> rusqlite::Result<bool> {
        let query = "SELECT 1 FROM main.sqlite_master WHERE type = ?1 AND name = ?2 COLLATE NOCASE";
        self.0.prepare(query)?.exists([key.kind.as_str(), key.name.as_str()])
    }

    /// Runs the statements if they work and make what is `expected`; otherwise nothing.
    pub(super) fn attempt<'a>(
        &self,
        mut statements: impl Iterator<Item = &'a str>,
        expected: impl FnOnce(&Schema) -> bool,
    ) -> rusqlite::Result<bool> {
        self.run("SAVEPOINT attempt")?;
        let works = statements.all(|sql| self.run(sql).is_ok()) && expected(&self.schema()?);
        self.run(if works { "RELEASE attempt" } else { "ROLLBACK TO attempt; RELEASE attempt" })?;
        Ok(works)
    }

    /// Why an expression has no value in each row of a table, if that is so.
    pub(super) fn fault(&self, table: &Ident, expression: &str) -> rusqlite::Result<Option<String>> {
        let query = format!("SELECT ({expression}) FROM main.{}", quote(table.as_str()));
        let mut statement = match self.0.prepare(&query) {
            Ok(statement) => statement,
            Err(error) => return Ok(Some(message(&error))),
        };
        // There is no row, so this one is of all of them.
        let is_aggregate = statement.exists([])?;
        Ok(is_aggregate.then(|| "it makes one value of all rows".to_owned()))
    }

    /// The columns of a table that show in `SELECT *`.
    pub(super) fn columns(&self, table: &Ident) -> rusqlite::Result<Vec<Ident>> {
        let query = "SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE hidden IN (0, 2, 3) ORDER BY cid";
        let mut statement = self.0.prepare(query)?;
        let names = statement.query_map([table.as_str()], |row| Ok(Ident::new(row.get::<_, String>(0)?)))?;
        names.collect()
    }

    /// How the rowid of a table can be called; none if the table has none, or has columns of all its names.
    pub(super) fn rowid(&self, table: &Ident) -> rusqlite::Result<Option<Rowid>> {
        let columns = self.columns(table)?;
        let free = ["rowid", "_rowid_", "oid"].into_iter().find(|alias| !columns.contains(&Ident::new(*alias)));
        let Some(name) = free else { return Ok(None) };
        let Ok(statement) = self.0.prepare(&format!("SELECT {name} FROM main.{}", quote(table.as_str()))) else {
            return Ok(None);
        };
        // SQLite calls it as the column that it is.
        let shown = Ident::new(statement.column_name(0)?);
        Ok(Some(Rowid { name, column: columns.contains(&shown).then_some(shown) }))
    }
}

/// The rowid of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rowid {
    /// A name for it that no column has.
    pub(super) name: &'static str,
    /// The column that it is, if it is one.
    pub(super) column: Option<Ident>,
}
