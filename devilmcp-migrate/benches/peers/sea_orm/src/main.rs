//! sea-orm-migration: a type for each migration, which runs its SQL; a pool of one connection, a current-thread tokio runtime.

use std::process::ExitCode;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectOptions, Database};

#[path = "../../common/cli.rs"]
mod cli;
mod migrations;

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    cli::run(|database, mode| {
        runtime.as_ref().map_err(ToString::to_string)?.block_on(async {
            let mut options = ConnectOptions::new(format!("sqlite://{database}?mode=rwc"));
            options.max_connections(1).sqlx_logging(false);
            let conn = Database::connect(options).await?;
            conn.execute_unprepared(&format!("PRAGMA busy_timeout = {}", cli::BUSY_TIMEOUT.as_millis())).await?;
            if mode == "wal" {
                conn.execute_unprepared("PRAGMA journal_mode = WAL").await?;
            }
            Migrator::up(&conn, None).await?;
            conn.close().await?;
            Ok(())
        })
    })
}
