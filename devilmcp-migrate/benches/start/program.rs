//! A program with a number of migrations, each of which makes a table and an index.

use std::error::Error;
use std::fmt::Write as _;

use devilmcp_migrate::__private::v0::{Adoption, Embedded, UserVersion, migrations};
use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Migrations, Versioned};
use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::migration::Migration;
use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::name::Number;
use devilmcp_migrate_core::packed::Literals;
use devilmcp_migrate_core::schema::Schema;
use devilmcp_migrate_core::standing::Standing;

/// A version of any of the programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Version(i64);

/// More than any of them has.
const MOST: usize = 5_000;

static VERSIONS: [Version; MOST] = {
    let mut versions = [Version(0); MOST];
    let (mut at, mut number) = (0, 1);
    while at < MOST {
        versions[at] = Version(number);
        (at, number) = (at + 1, number + 1);
    }
    versions
};

impl Versioned for Version {
    const ALL: &'static [Self] = &VERSIONS;

    fn number(self) -> i64 {
        self.0
    }

    fn name(self) -> &'static str {
        NAME
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}_{NAME}", self.0)
    }
}

const NAME: &str = "table";

/// What `migrations!` would make of them. It stays until the process ends.
pub(crate) fn of(tables: usize) -> Result<Migrations<Version>, Box<dyn Error>> {
    let conn = Connection::open_in_memory()?;
    let (mut head, mut ups) = (Digest::EMPTY, Vec::new());
    conn.execute_batch("BEGIN")?;
    for number in (1..).take(tables) {
        let columns = "a INTEGER PRIMARY KEY, b TEXT NOT NULL, c REAL DEFAULT 0, d TEXT CHECK (length(d) < 100)";
        let mut up = String::new();
        writeln!(up, "CREATE TABLE t{number} ({columns}); CREATE INDEX i{number} ON t{number} (b);")?;
        conn.execute_batch(&up)?;
        let digest = Digest::of_migration(Mode::Plain, &up);
        head = head.then(Number::new(number).ok_or("no such number")?, NAME, digest);
        ups.push((number, up, digest));
    }
    conn.execute_batch("COMMIT")?;
    let found = ups.iter().map(|(number, up, digest)| Migration {
        number: *number,
        name: NAME,
        up,
        down: None,
        digest: *digest,
        standing: Standing::Draft,
        mode: Mode::Plain,
    });
    let packed = Literals::of(found).ok_or("too long")?.leak();
    Ok(migrations(Embedded {
        migrations: Box::leak(Box::new(packed)),
        head,
        fingerprint: Schema::read(&conn)?.fingerprint(),
        adoption: Adoption { baseline: false, alembic: &[] },
        user_version: UserVersion::Migrations,
        app_version: None,
        watched: None,
    }))
}
