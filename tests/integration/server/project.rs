//! A project with a database, and a look at all its rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use devilmcp_migrate::rusqlite::{Connection, OpenFlags, types::Value as SqlValue};
use tempfile::TempDir;

use crate::support;

/// A directory with a database that the November version of DevilMCP made.
pub(super) struct Project {
    pub(super) directory: TempDir,
    pub(super) database: PathBuf,
}

impl Project {
    pub(super) fn legacy() -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        let database = directory.path().join("devilmcp.db");
        let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/legacy/create_all_nov.sql");
        support::database_from_dump(&dump, &database);
        Self { directory, database }
    }

    /// The command that serves it.
    pub(super) fn server(&self) -> Command {
        let mut command = program();
        command.env("DEVILMCP_STORAGE_PATH", self.directory.path());
        command
    }
}
/// The example, without what the environment of the tests may say about it.
pub(super) fn program() -> Command {
    let mut command = Command::new(support::example("devilmcp"));
    command.env_remove("DEVILMCP_STORAGE_PATH").env_remove("DEVILMCP_AUTO_MIGRATE");
    command
}
pub(super) type Rows = BTreeMap<(String, Vec<String>), Vec<Vec<SqlValue>>>;

/// Every row of every table, or of the tables and columns that were there before.
pub(super) fn rows(database: &Path, before: Option<&Rows>) -> Rows {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
    let names = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).expect("valid SQL");
        let names = statement.query_map([], |row| row.get(0)).expect("a query");
        names.collect::<Result<_, _>>().expect("names")
    };
    let tables: Vec<(String, Vec<String>)> = match before {
        Some(before) => before.keys().cloned().collect(),
        None => names("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .into_iter()
            .map(|table| {
                let columns = names(&format!("SELECT name FROM pragma_table_info('{table}')"));
                (table, columns)
            })
            .collect(),
    };
    let content = |(table, columns): (String, Vec<String>)| {
        let sql = format!("SELECT \"{}\" FROM \"{table}\" ORDER BY rowid", columns.join("\", \""));
        let mut statement = connection.prepare(&sql).expect("the columns are still there");
        let rows = statement
            .query_map([], |row| (0..columns.len()).map(|column| row.get(column)).collect())
            .expect("a query")
            .collect::<Result<_, _>>()
            .expect("rows");
        ((table, columns), rows)
    };
    tables.into_iter().map(content).collect()
}
