//! sqlx reads what the migrations have made.

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

devilmcp_migrate::migrations!("../../../devilmcp-migrate/examples/notes/migrations");

#[tokio::test]
async fn sqlx_reads_and_writes_a_database_that_was_upgraded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.db");
    assert_eq!(MIGRATIONS.upgrade_file(&path).await.unwrap().done().len(), 2);

    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&path)).await.unwrap();
    sqlx::query("INSERT INTO notes (body, pinned) VALUES (?1, 1)").bind("first").execute(&pool).await.unwrap();
    let rows: Vec<(i64, String, bool)> =
        sqlx::query_as("SELECT id, body, pinned FROM notes").fetch_all(&pool).await.unwrap();
    assert_eq!(rows, [(1, "first".to_owned(), true)]);
    // While the pool is open.
    assert!(MIGRATIONS.upgrade_file(&path).await.unwrap().is_noop());
    pool.close().await;
}
