//! sqlx: `migrate!`, one connection, a current-thread tokio runtime.

use std::process::ExitCode;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

#[path = "../../common/cli.rs"]
mod cli;

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

fn main() -> ExitCode {
    cli::run(|database| {
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
            let options = SqliteConnectOptions::new().filename(database).create_if_missing(true);
            let mut conn = options.busy_timeout(cli::BUSY_TIMEOUT).connect().await?;
            MIGRATOR.run(&mut conn).await?;
            conn.close().await?;
            Ok(())
        })
    })
}
