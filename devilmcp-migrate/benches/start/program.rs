//! A program with any number of migrations.

use std::error::Error;

use devilmcp_migrate::__private::v0::{Adoption, Embedded, Summary, UserVersion, migrations};
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

const NAME: &str = "step";

/// A migration for each table, which has an index.
pub(crate) fn of_tables(size: usize) -> Result<Migrations<Version>, Box<dyn Error>> {
    let columns = "a INTEGER PRIMARY KEY, b TEXT NOT NULL, c REAL DEFAULT 0, d TEXT CHECK (length(d) < 100)";
    let up = |at| format!("CREATE TABLE t{at} ({columns}); CREATE INDEX i{at} ON t{at} (b);\n");
    let ups: Vec<String> = (1..=size).map(up).collect();
    let fingerprint = fingerprint(ups.iter().map(String::as_str))?;
    of(&ups.into_iter().map(|up| (up, None)).collect::<Vec<_>>(), fingerprint, None)
}

/// What `migrations!` would make of scripts, each with its way back, if it has one. It stays until the process ends.
pub(crate) fn of(
    scripts: &[(String, Option<String>)],
    fingerprint: Digest,
    summary: Option<(i64, &str)>,
) -> Result<Migrations<Version>, Box<dyn Error>> {
    let mut head = Digest::EMPTY;
    let mut found = Vec::new();
    for (number, (up, down)) in (1..).zip(scripts) {
        let digest = Digest::of_migration(Mode::Plain, up);
        head = head.then(Number::new(number).ok_or("no such number")?, NAME, digest);
        let (standing, mode) = (Standing::Draft, Mode::Plain);
        found.push(Migration { number, name: NAME, up, down: down.as_deref(), digest, standing, mode });
    }
    let packed = Literals::of(found.into_iter()).ok_or("too long")?.leak();
    Ok(migrations(Embedded {
        migrations: Box::leak(Box::new(packed)),
        past: &[],
        head,
        fingerprint,
        adoption: Adoption { baseline: false, revisions: &[] },
        summary: summary.map(|(last, sql)| Summary { last, sql: String::leak(sql.to_owned()) }),
        sqlite: devilmcp_migrate_core::sqlite_version(),
        table: "_devilmcp_migrations",
        user_version: UserVersion::Migrations,
        app_version: None,
        watched: None,
    }))
}

/// Of the schema that scripts make.
pub(crate) fn fingerprint<'a>(ups: impl IntoIterator<Item = &'a str>) -> Result<Digest, Box<dyn Error>> {
    let conn = Connection::open_in_memory()?;
    conn.execute_batch("BEGIN")?;
    ups.into_iter().try_for_each(|up| conn.execute_batch(up))?;
    Ok(Schema::read(&conn)?.fingerprint())
}
