//! SeaORM keeps its migrations in code. These run the statements of the others.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Database;

use crate::Outcome;

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        macro_rules! migration {
            ($name:literal, $file:literal) => {
                Box::new(Migration { name: $name, sql: include_str!(concat!("../../../fixtures/tools/sea_orm/migrations/", $file)) })
            };
        }
        vec![
            migration!("m20250102_030405_create_authors", "0001_create_authors.sql"),
            migration!("m20250103_120000_create_notes", "0002_create_notes.sql"),
            migration!("m20250201_080000_count_notes", "0003_count_notes.sql"),
            migration!("m20250301_000000_add_pinned", "0004_add_pinned.sql"),
        ]
    }
}

struct Migration {
    name: &'static str,
    sql: &'static str,
}

impl MigrationName for Migration {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(self.sql).await.map(drop)
    }
}

/// Applies as many migrations as `count` says, or all.
pub fn apply(database: &str, count: Option<i64>) -> Outcome {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let conn = Database::connect(format!("sqlite://{database}?mode=rwc")).await?;
        Migrator::up(&conn, count.map(<u32 as TryFrom<i64>>::try_from).transpose()?).await?;
        conn.close().await?;
        Ok(())
    })
}
