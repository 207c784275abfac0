//! A database of ours after somebody has run statements of any kind on it, the schema and the history writable.

use devilmcp_migrate::rusqlite::Connection;
use tempfile::TempDir;

use super::database::{every_verb, hasten};
use crate::program;

pub(super) fn run(data: &[u8]) {
    let Ok(script) = std::str::from_utf8(data) else { return };
    // The enemy has had the file, not this machine.
    if ["attach", "vacuum"].iter().any(|word| script.to_ascii_lowercase().contains(word)) {
        return;
    }
    let folder = TempDir::new().expect("a temporary folder can be made");
    let path = folder.path().join("test.db");
    let mut conn = Connection::open(&path).expect("a database can be made there");
    program::MIGRATIONS.upgrade_to(&mut conn, program::Version::V0002AddPinned).expect("the program works");
    conn.execute_batch("PRAGMA writable_schema = ON").expect("the connection is ours");
    hasten(&mut conn);
    // Whether it works is his affair.
    let _ = conn.execute_batch(script);
    drop(conn);
    every_verb(&path);
}
