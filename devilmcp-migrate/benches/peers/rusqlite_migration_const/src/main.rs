//! `rusqlite_migration`: a constant slice of `M::up(include_str!(…))`.

use std::process::ExitCode;

use rusqlite::Connection;
use rusqlite_migration::Migrations;

#[path = "../../common/cli.rs"]
mod cli;
mod migrations;

const MIGRATIONS: Migrations<'_> = Migrations::from_slice(migrations::MIGRATIONS);

fn main() -> ExitCode {
    cli::run(|database, mode| {
        let mut conn = Connection::open(database)?;
        conn.busy_timeout(cli::BUSY_TIMEOUT)?;
        if mode == "wal" {
            conn.pragma_update(None, "journal_mode", "WAL")?;
        }
        MIGRATIONS.to_latest(&mut conn)?;
        Ok(())
    })
}
