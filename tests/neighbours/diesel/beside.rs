//! Diesel reads what the migrations have made.

use devilmcp_migrate::rusqlite::Connection;
use diesel::Connection as _;
use diesel::prelude::*;

devilmcp_migrate::migrations!("../../../devilmcp-migrate/examples/notes/migrations");

diesel::table! {
    notes (id) {
        id -> BigInt,
        body -> Text,
        pinned -> Bool,
    }
}

#[test]
fn diesel_reads_and_writes_a_database_that_was_upgraded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.db");
    assert_eq!(MIGRATIONS.upgrade(&mut Connection::open(&path).unwrap()).unwrap().done().len(), 2);

    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    diesel::insert_into(notes::table)
        .values((notes::body.eq("first"), notes::pinned.eq(true)))
        .execute(&mut conn)
        .unwrap();
    let rows: Vec<(i64, String, bool)> = notes::table.load(&mut conn).unwrap();
    assert_eq!(rows, [(1, "first".to_owned(), true)]);
    drop(conn);
    assert!(MIGRATIONS.upgrade(&mut Connection::open(&path).unwrap()).unwrap().is_noop());
}
