//! What several tests need.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use devilmcp_migrate::Difference;
use devilmcp_migrate::rusqlite::{Connection, OpenFlags};
use devilmcp_migrate_core::schema::Schema;
use tempfile::TempDir;

/// Where an example program is, built if it is not.
pub(crate) fn example(name: &str) -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let status = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--examples"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        assert!(status.unwrap().success());
    });
    let here = std::env::current_exe().unwrap();
    here.ancestors().nth(2).unwrap().join("examples").join(name)
}

/// Where the program `devilmcp-migrate` is, built if it is not.
pub(crate) fn author() -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let features = ["--features", "cli,bundled,libsql", "--bin", "devilmcp-migrate"];
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "-p", "devilmcp-migrate"]).args(features);
        assert!(build.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
    });
    let here = std::env::current_exe().unwrap();
    here.ancestors().nth(2).unwrap().join("devilmcp-migrate")
}

/// Makes a database from the text of one.
pub(crate) fn database_from_dump(dump: &Path, database: &Path) {
    let conn = Connection::open(database).unwrap();
    conn.execute_batch(&std::fs::read_to_string(dump).unwrap()).unwrap();
}

/// The dump of a real database, by its name.
pub(crate) fn legacy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/legacy").join(name)
}

/// A database file in a directory of its own, which goes with it.
pub(crate) struct Database {
    directory: TempDir,
}

impl Database {
    /// Nothing is there yet.
    pub(crate) fn new() -> Self {
        Self { directory: TempDir::new().unwrap() }
    }

    pub(crate) fn from_dump(name: &str) -> Self {
        let database = Self::new();
        database_from_dump(&legacy(name), &database.path());
        database
    }

    pub(crate) fn from_sql(sql: &str) -> Self {
        let database = Self::new();
        database.open().execute_batch(sql).unwrap();
        database
    }

    /// Where writers and readers do not wait for each other.
    pub(crate) fn from_dump_in_wal(name: &str) -> Self {
        let database = Self::from_dump(name);
        database.open().execute_batch("PRAGMA journal_mode = WAL").unwrap();
        database
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("test.db")
    }

    pub(crate) fn open(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    pub(crate) fn open_read_only(&self) -> Connection {
        Connection::open_with_flags(self.path(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.path()).unwrap()
    }
}

/// Each difference as a sentence.
pub(crate) fn sentences(differences: &[Difference]) -> Vec<String> {
    differences.iter().map(ToString::to_string).collect()
}

/// The structure of a database.
pub(crate) fn schema(conn: &Connection) -> Schema {
    Schema::read(conn).unwrap()
}

/// The texts of everything that is in a database.
pub(crate) fn texts(conn: &Connection) -> Vec<String> {
    column(conn, "SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_master ORDER BY type, name")
}

/// The tables of a database, each with its columns.
pub(crate) fn tables(conn: &Connection) -> Vec<(String, Vec<String>)> {
    let names = column(conn, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
    let columns = |table: &String| column(conn, &format!("SELECT name FROM pragma_table_info('{table}')"));
    names.into_iter().map(|table| (table.clone(), columns(&table))).collect()
}

/// The same without those of full-text indexes, some of which have no rowid.
pub(crate) fn plain_tables(conn: &Connection) -> Vec<(String, Vec<String>)> {
    tables(conn).into_iter().filter(|(name, _)| !name.contains("_fts")).collect()
}

/// Every cell of these columns with its type, byte for byte, and every rowid.
pub(crate) fn cells(conn: &Connection, tables: &[(String, Vec<String>)]) -> Vec<String> {
    let rows = tables.iter().flat_map(|(table, columns)| {
        // Text as bytes: it need not be UTF-8.
        let cell = |name: &String| {
            format!(
                "typeof(\"{name}\") || quote(iif(typeof(\"{name}\") = 'text', CAST(\"{name}\" AS BLOB), \"{name}\"))"
            )
        };
        let cells: Vec<String> = columns.iter().map(cell).collect();
        let query = format!("SELECT rowid || ': ' || {} FROM \"{table}\" ORDER BY rowid", cells.join(" || ', ' || "));
        column(conn, &query).into_iter().map(move |row| format!("{table} {row}"))
    });
    rows.collect()
}

/// The first column of a query, as text.
pub(crate) fn column(conn: &Connection, query: &str) -> Vec<String> {
    let mut statement = conn.prepare(query).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// A pragma, or any other query, that is one integer.
pub(crate) fn integer(conn: &Connection, query: &str) -> i64 {
    conn.query_row(query, [], |row| row.get(0)).unwrap()
}
