//! `tools TOOL DATABASE [DIRECTORY [TARGET]]`: lets a tool apply the migrations of a directory to a database, as its documentation says.

mod sea_orm;

use std::error::Error;
use std::path::Path;

use diesel::Connection as _;
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use include_dir::{Dir, include_dir};
use refinery::{Runner, Target};
use rusqlite_migration::Migrations;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// It knows directories only while a program compiles.
static RUSQLITE_MIGRATION: Dir<'_> =
    include_dir!("$CARGO_MANIFEST_DIR/../../fixtures/tools/rusqlite_migration/migrations");

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [tool, database, rest @ ..] = arguments.as_slice() else { return Err("tools TOOL DATABASE ...".into()) };
    let directory = Path::new(rest.first().map_or("migrations", String::as_str));
    let target = rest.get(1).map(|target| target.parse::<i64>()).transpose()?;
    match tool.as_str() {
        "refinery" => refinery(database, directory, target),
        "sqlx" => sqlx(database, directory, target),
        "diesel" => diesel(database, directory, target),
        "sea_orm" => sea_orm::apply(database, target),
        "rows" => rows(database),
        "rusqlite_migration" => rusqlite_migration(database, target),
        other => Err(format!("no tool {other}").into()),
    }
}

/// What the application does meanwhile.
fn rows(database: &str) -> Outcome {
    let conn = rusqlite::Connection::open(database)?;
    conn.execute_batch(
        "INSERT INTO authors (id, name) VALUES (1, 'Ada'), (7, 'Plato');
         INSERT INTO notes (id, author_id, body) VALUES (1, 1, 'it''s'), (3, 7, ''), (9, NULL, 'nobody''s');",
    )?;
    Ok(())
}

fn refinery(database: &str, directory: &Path, target: Option<i64>) -> Outcome {
    let mut conn = rusqlite::Connection::open(database)?;
    let runner = Runner::new(&refinery::load_sql_migrations(directory)?);
    let target = target.map(i32::try_from).transpose()?;
    runner.set_target(target.map_or(Target::Latest, Target::Version)).run(&mut conn)?;
    Ok(())
}

fn sqlx(database: &str, directory: &Path, target: Option<i64>) -> Outcome {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let options = SqliteConnectOptions::new().filename(database).create_if_missing(true);
        let mut conn = options.connect().await?;
        let migrator = Migrator::new(directory).await?;
        match target {
            Some(target) => migrator.run_to(target, &mut conn).await?,
            None => migrator.run(&mut conn).await?,
        }
        conn.close().await?;
        Ok(())
    })
}

/// As many migrations as `count` says, first to last.
fn diesel(database: &str, directory: &Path, count: Option<i64>) -> Outcome {
    let mut conn = SqliteConnection::establish(database)?;
    let migrations = FileBasedMigrations::from_path(directory)?;
    match count {
        Some(count) => {
            for _ in 0..count {
                conn.run_next_migration(migrations.clone())?;
            }
        }
        None => drop(conn.run_pending_migrations(migrations)?),
    }
    Ok(())
}

fn rusqlite_migration(database: &str, target: Option<i64>) -> Outcome {
    let mut conn = rusqlite::Connection::open(database)?;
    let migrations = Migrations::from_directory(&RUSQLITE_MIGRATION)?;
    match target {
        Some(target) => migrations.to_version(&mut conn, usize::try_from(target)?)?,
        None => migrations.to_latest(&mut conn)?,
    }
    Ok(())
}
