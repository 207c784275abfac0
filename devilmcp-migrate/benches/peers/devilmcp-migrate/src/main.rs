//! devilmcp-migrate: `migrations!`.

use std::process::ExitCode;

use devilmcp_migrate::rusqlite::Connection;

#[path = "../../common/cli.rs"]
mod cli;

devilmcp_migrate::migrations!("migrations");

fn main() -> ExitCode {
    cli::run(|database| {
        let mut conn = Connection::open(database)?;
        conn.busy_timeout(cli::BUSY_TIMEOUT)?;
        MIGRATIONS.upgrade(&mut conn)?;
        Ok(())
    })
}
