//! devilmcp-migrate: `migrations!`. Mode `memory`: a database in memory, which the file given does not matter to.

use std::process::ExitCode;

use devilmcp_migrate::rusqlite::Connection;

#[path = "../../common/cli.rs"]
mod cli;

// The others need no way back, either.
devilmcp_migrate::migrations!("migrations", lints(missing_down = "allow"));

fn main() -> ExitCode {
    cli::run(|database, mode| {
        if mode == "memory" {
            MIGRATIONS.open_in_memory()?;
            return Ok(());
        }
        let mut conn = Connection::open(database)?;
        conn.busy_timeout(cli::BUSY_TIMEOUT)?;
        if mode == "wal" {
            conn.pragma_update(None, "journal_mode", "WAL")?;
        }
        MIGRATIONS.upgrade(&mut conn)?;
        Ok(())
    })
}
