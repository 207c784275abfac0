//! What several tests need.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use devilmcp_migrate::rusqlite::Connection;

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

/// Makes a database from the text of one.
pub(crate) fn database_from_dump(dump: &Path, database: &Path) {
    let conn = Connection::open(database).unwrap();
    conn.execute_batch(&std::fs::read_to_string(dump).unwrap()).unwrap();
}
