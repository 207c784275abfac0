//! A program that is linked to the SQLite of the system.

use devilmcp_migrate::ErrorKind;
use devilmcp_migrate::rusqlite::{Connection, version, version_number};

devilmcp_migrate::migrations!("../../../devilmcp-migrate/examples/notes/migrations");

#[test]
fn a_database_is_upgraded_and_taken_back_by_the_sqlite_of_the_system() {
    assert_eq!(version(), env!("SYSTEM_SQLITE"), "the program has the one that was asked for");
    let folder = tempfile::tempdir().unwrap();
    let mut conn = Connection::open(folder.path().join("notes.db")).unwrap();
    assert_eq!(MIGRATIONS.upgrade(&mut conn).unwrap().done().len(), 2);
    assert!(MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
    assert_eq!(MIGRATIONS.status(&conn).unwrap().drift(), []);
    MIGRATIONS.downgrade_to(&mut conn, devilmcp_migrate::Target::Empty).unwrap();
    assert_eq!(MIGRATIONS.version(&conn).unwrap(), None);
}

/// What has an ORDER BY in an aggregate, which SQLite knows since 3.44.
mod newer {
    devilmcp_migrate::migrations!("newer");
}

#[test]
fn what_it_is_too_old_for_is_refused_before_anything_is_begun() {
    let mut conn = Connection::open_in_memory().unwrap();
    let outcome = newer::MIGRATIONS.upgrade(&mut conn);
    if version_number() >= 3_044_000 {
        assert_eq!(outcome.unwrap().done().len(), 2);
        return;
    }
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SqliteTooOld);
    assert!(error.to_string().contains("0002_bodies") && error.to_string().contains("3.44"), "{error}");
    let objects: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(objects, 0);
}
