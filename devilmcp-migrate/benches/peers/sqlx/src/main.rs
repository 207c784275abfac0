//! sqlx: `migrate!`, one connection, a current-thread tokio runtime.

use std::process::ExitCode;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions as _, Connection as _};

#[path = "../../common/cli.rs"]
mod cli;

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    cli::run(|database, mode| {
        runtime.as_ref().map_err(ToString::to_string)?.block_on(async {
            let mut options = SqliteConnectOptions::new().filename(database).create_if_missing(true);
            if mode == "wal" {
                options = options.journal_mode(SqliteJournalMode::Wal);
            }
            let mut conn = options.busy_timeout(cli::BUSY_TIMEOUT).connect().await?;
            MIGRATOR.run(&mut conn).await?;
            conn.close().await?;
            Ok(())
        })
    })
}
