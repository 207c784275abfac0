//! Any bytes as a database file: one answer, in bounded time, and no file but the database.

use std::fs;
use std::path::Path;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Error, Target};
use tempfile::TempDir;

use crate::program;

pub(super) fn run(data: &[u8]) {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let path = folder.path().join("test.db");
    fs::write(&path, data).expect("a file can be written there");
    every_verb(&path);
}

/// Does with the database whatever a program can do.
pub(super) fn every_verb(path: &Path) {
    for verb in [
        (|conn| program::MIGRATIONS.status(conn).map(drop)) as fn(&mut Connection) -> Result<(), Error>,
        |conn| program::MIGRATIONS.version(conn).map(drop),
        |conn| program::MIGRATIONS.plan(conn, Target::Latest).map(drop),
        |conn| program::MIGRATIONS.upgrade(conn).map(drop),
        |conn| program::MIGRATIONS.downgrade_to(conn, Target::Empty).map(drop),
        |conn| program::MIGRATIONS.upgrade(conn).map(drop),
    ] {
        let Ok(mut conn) = Connection::open(path) else { return };
        hasten(&mut conn);
        let answer = verb(&mut conn);
        assert!(conn.is_autocommit(), "the connection is given back: {answer:?}");
        if let Err(error) = answer {
            assert!(!error.to_string().is_empty());
        }
    }
    let folder = path.parent().expect("it lies in a folder");
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let name = entry.expect("the folder can be read").file_name();
        let name = name.to_string_lossy().into_owned();
        assert!(["test.db", "test.db-journal", "test.db-wal", "test.db-shm"].contains(&&*name), "{name} was made");
    }
}

/// Ends what takes too long: a trigger may be endless, and is the caller's to stop. And lets nobody wait for a disk.
pub(super) fn hasten(conn: &mut Connection) {
    // It may be no database.
    let _ = conn.execute_batch("PRAGMA synchronous = OFF");
    let mut left = 1_000;
    let handler = move || {
        left -= 1;
        left <= 0
    };
    conn.progress_handler(1_000, Some(handler)).expect("the connection is ours");
}
