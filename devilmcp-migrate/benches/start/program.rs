//! A program with one migration that makes a number of tables.

use std::error::Error;
use std::fmt::Write as _;

use devilmcp_migrate::__private::v0::{Adoption, Embedded, draft, migrations};
use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Migrations, Versioned};
use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::name::Number;
use devilmcp_migrate_core::schema::Schema;

/// The one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Version;

impl Versioned for Version {
    const ALL: &'static [Self] = &[Self];

    fn number(self) -> i64 {
        Number::FIRST.get()
    }

    fn name(self) -> &'static str {
        "tables"
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("0001_tables")
    }
}

/// What `migrations!` would make of it. It stays until the process ends.
pub(crate) fn of(tables: usize) -> Result<Migrations<Version>, Box<dyn Error>> {
    let mut up = String::new();
    for table in 1..=tables {
        let columns = "a INTEGER PRIMARY KEY, b TEXT NOT NULL, c REAL DEFAULT 0, d TEXT CHECK (length(d) < 100)";
        writeln!(up, "CREATE TABLE t{table} ({columns}); CREATE INDEX i{table} ON t{table} (b);")?;
    }
    let conn = Connection::open_in_memory()?;
    conn.execute_batch(&up)?;
    let digest = Digest::of_migration(Mode::Plain, &up);
    let history = Digest::EMPTY.then(Number::FIRST, Version.name(), digest);
    let migration = draft(Version.number(), Version.name(), String::leak(up), &[], &digest.0, &history.0);
    Ok(migrations(Embedded {
        migrations: Vec::leak(vec![migration]),
        fingerprint: Schema::read(&conn)?.fingerprint(),
        adoption: Adoption { baseline: false, alembic: &[] },
        app_version: None,
        watched: None,
    }))
}
