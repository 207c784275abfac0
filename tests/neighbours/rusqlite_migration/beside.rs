//! rusqlite_migration has begun, and is still there.

use devilmcp_migrate::rusqlite::Connection;
use rusqlite_migration::{M, Migrations, SchemaVersion};

mod taken_over {
    devilmcp_migrate::migrations!("../../fixtures/tools/rusqlite_migration/migrations", layout = "rusqlite_migration");
}

const FIRST: &[M<'_>] = &[
    M::up(include_str!("../../fixtures/tools/rusqlite_migration/migrations/01-create_authors/up.sql")),
    M::up(include_str!("../../fixtures/tools/rusqlite_migration/migrations/02-create_notes/up.sql")),
];

#[test]
fn what_it_has_applied_counts_and_it_still_reads_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut conn = Connection::open(folder.path().join("notes.db")).unwrap();
    Migrations::from_slice(FIRST).to_latest(&mut conn).unwrap();

    let report = taken_over::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!((report.from(), report.to()), (None, Some(4)));
    assert!(
        matches!(Migrations::from_slice(FIRST).current_version(&conn).unwrap(), SchemaVersion::Inside(at) if at.get() == 2)
    );
    Migrations::from_slice(FIRST).to_latest(&mut conn).unwrap();
    assert!(taken_over::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
}
