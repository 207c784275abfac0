//! A connection of a pool is upgraded.

use r2d2_sqlite::SqliteConnectionManager;
use r2d2_sqlite::rusqlite::params;

devilmcp_migrate::migrations!("../../../devilmcp-migrate/examples/notes/migrations");

#[test]
fn a_connection_of_the_pool_is_upgraded_and_the_others_see_it() {
    let folder = tempfile::tempdir().unwrap();
    let manager = SqliteConnectionManager::file(folder.path().join("notes.db"));
    let pool = r2d2::Pool::builder().max_size(4).build(manager).unwrap();
    let (mut one, other) = (pool.get().unwrap(), pool.get().unwrap());
    assert_eq!(MIGRATIONS.upgrade(&mut one).unwrap().done().len(), 2);
    other.execute("INSERT INTO notes (body, pinned) VALUES (?1, 1)", params!["first"]).unwrap();
    let pinned: i64 = one.query_row("SELECT count(*) FROM notes WHERE pinned", [], |row| row.get(0)).unwrap();
    assert_eq!(pinned, 1);
}
