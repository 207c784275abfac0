//! Many databases at once.

mod bounded;
mod command;
mod directory;
mod failing;
mod killed;
mod upgraded;

use std::fs;
use std::path::{Path, PathBuf};

use devilmcp_migrate::fleet::Report;
use devilmcp_migrate::rusqlite::Connection;
use tempfile::TempDir;

pub(crate) use command::projects;
pub(crate) use failing::errors;

use crate::programs::notes_v1;
use crate::support::{column, integer};

/// Databases of tenants in a folder of their own, which goes with them.
pub(crate) struct Tenants(TempDir);

impl Tenants {
    /// So many, each with one row, at the first of three versions.
    pub(crate) fn new(count: usize) -> Self {
        let tenants = Self(TempDir::new().unwrap());
        if let Some(first) = (count > 0).then(|| tenants.file(0)) {
            let mut conn = Connection::open(&first).unwrap();
            notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
            conn.execute_batch("INSERT INTO notes (body) VALUES ('kept')").unwrap();
            drop(conn);
            for number in 1..count {
                fs::copy(&first, tenants.file(number)).unwrap();
            }
        }
        tenants
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, number: usize) -> PathBuf {
        self.named(&format!("tenant-{number:04}.db"))
    }

    pub(crate) fn named(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn open(&self, number: usize) -> Connection {
        Connection::open(self.file(number)).unwrap()
    }
}

/// At which version a sound database is, with its row.
pub(crate) fn version(path: &Path) -> i64 {
    let conn = Connection::open(path).unwrap();
    assert_eq!(column(&conn, "PRAGMA integrity_check"), ["ok"], "{}", path.display());
    assert_eq!(column(&conn, "SELECT body FROM notes"), ["kept"], "{}", path.display());
    integer(&conn, "SELECT max(version) FROM _devilmcp_migrations")
}

/// How many were upgraded, were there already, have failed, and were left.
pub(crate) fn counts(report: &Report) -> [usize; 4] {
    let counts = [report.upgraded(), report.unchanged(), report.failures().len(), report.left()];
    assert_eq!(counts.iter().sum::<usize>(), report.all());
    counts
}
