//! `rusqlite_migration`: `Migrations::from_directory` over `include_dir!`.

use std::process::ExitCode;

use include_dir::{Dir, include_dir};
use rusqlite::Connection;
use rusqlite_migration::Migrations;

#[path = "../../common/cli.rs"]
mod cli;

static DIRECTORY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations");

fn main() -> ExitCode {
    cli::run(|database, mode| {
        let mut conn = Connection::open(database)?;
        conn.busy_timeout(cli::BUSY_TIMEOUT)?;
        if mode == "wal" {
            conn.pragma_update(None, "journal_mode", "WAL")?;
        }
        Migrations::from_directory(&DIRECTORY)?.to_latest(&mut conn)?;
        Ok(())
    })
}
