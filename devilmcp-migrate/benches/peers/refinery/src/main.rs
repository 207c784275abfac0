//! refinery: `embed_migrations!`, with its driver for rusqlite. Modes `grouped` and `grouped-wal`: all in one transaction.

use std::process::ExitCode;

use rusqlite::Connection;

#[path = "../../common/cli.rs"]
mod cli;

refinery::embed_migrations!("migrations");

fn main() -> ExitCode {
    cli::run(|database, mode| {
        let mut conn = Connection::open(database)?;
        conn.busy_timeout(cli::BUSY_TIMEOUT)?;
        if mode.ends_with("wal") {
            conn.pragma_update(None, "journal_mode", "WAL")?;
        }
        migrations::runner().set_grouped(mode.starts_with("grouped")).run(&mut conn)?;
        Ok(())
    })
}
