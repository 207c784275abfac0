//! `diesel_migrations`: `embed_migrations!`, with a `SqliteConnection`.

use std::process::ExitCode;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
// Only for its SQLite, which is compiled from source.
use libsqlite3_sys as _;

#[path = "../../common/cli.rs"]
mod cli;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

fn main() -> ExitCode {
    cli::run(|database, mode| {
        let mut conn = SqliteConnection::establish(database)?;
        conn.batch_execute(&format!("PRAGMA busy_timeout = {}", cli::BUSY_TIMEOUT.as_millis()))?;
        if mode == "wal" {
            conn.batch_execute("PRAGMA journal_mode = WAL")?;
        }
        conn.run_pending_migrations(MIGRATIONS).map_err(|error| error.to_string())?;
        Ok(())
    })
}
