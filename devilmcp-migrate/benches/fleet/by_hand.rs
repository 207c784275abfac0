//! The floor: a program that knows what to write, and looks at nothing.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use devilmcp_migrate::rusqlite::{self, Connection};
use devilmcp_migrate::{Migrations, Step, Target};

use crate::program::Version;

/// Writes what an upgrade writes: the schema, the history and the tag, in one transaction.
pub(crate) fn upgrade(
    migrations: &Migrations<Version>,
    files: &[PathBuf],
    jobs: NonZeroUsize,
) -> Result<(), Box<dyn Error>> {
    let plan = migrations.plan(&Connection::open_in_memory()?, Target::<Version>::Latest)?;
    let up: String = plan.steps().iter().map(Step::sql).collect();
    let row = |step: &Step| {
        let (number, name) = (step.number(), step.name());
        let time = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
        format!("({number}, '{name}', zeroblob(32), zeroblob(32), NULL, {time}, 1000, NULL, 20, 0)")
    };
    let rows = plan.steps().iter().map(row).collect::<Vec<_>>().join(", ");
    let text = format!(
        "BEGIN IMMEDIATE;
        CREATE TABLE history (
            version INTEGER PRIMARY KEY, name TEXT NOT NULL, digest BLOB NOT NULL, history BLOB NOT NULL, down TEXT,
            applied_at TEXT NOT NULL, duration_us INTEGER NOT NULL, app_version TEXT, schema_cookie INTEGER NOT NULL,
            adopted INTEGER NOT NULL
        ) STRICT;
        {up}
        INSERT INTO history VALUES {rows};
        PRAGMA user_version = 4711;
        COMMIT"
    );
    each(files, jobs, |conn| conn.execute_batch(&text))
}

/// Reads the two header fields.
pub(crate) fn look(files: &[PathBuf], jobs: NonZeroUsize) -> Result<(), Box<dyn Error>> {
    each(files, jobs, |conn| {
        for field in ["PRAGMA user_version", "PRAGMA schema_version"] {
            std::hint::black_box(conn.query_row(field, [], |row| row.get::<_, i64>(0))?);
        }
        Ok(())
    })
}

fn each(
    files: &[PathBuf],
    jobs: NonZeroUsize,
    act: impl Fn(&Connection) -> rusqlite::Result<()> + Sync,
) -> Result<(), Box<dyn Error>> {
    let next = AtomicUsize::new(0);
    let one = |path: &Path| act(&Connection::open(path)?);
    let hand = || -> rusqlite::Result<()> {
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            one(path)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let hands: Vec<_> = (0..jobs.get()).map(|_| scope.spawn(hand)).collect();
        hands.into_iter().try_for_each(|hand| match hand.join() {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err("a thread has panicked".into()),
        })
    })
}
