//! refinery: `embed_migrations!`, with its driver for rusqlite.

use std::process::ExitCode;

use rusqlite::Connection;

#[path = "../../common/cli.rs"]
mod cli;

refinery::embed_migrations!("migrations");

fn main() -> ExitCode {
    cli::run(|database| {
        let mut conn = Connection::open(database)?;
        conn.busy_timeout(cli::BUSY_TIMEOUT)?;
        migrations::runner().run(&mut conn)?;
        Ok(())
    })
}
