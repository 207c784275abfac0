//! Databases that were migrated by something else than this program.

use devilmcp_migrate::{Error, ErrorKind, Migrations, Target, Versioned};

use crate::programs::{
    branch_a, branch_b, notes_edited, notes_irreversible, notes_reformatted, notes_renamed, notes_v1, notes_v2,
    notes_v3,
};
use crate::support::Database;

/// Without the tag a start cannot do without the history table.
const READ_IT: &str = "PRAGMA user_version = 0";

#[test]
fn an_edited_migration_is_named() {
    let error = refused(&notes_edited::MIGRATIONS, &migrated(&notes_v2::MIGRATIONS));
    assert_eq!(error.kind(), ErrorKind::Edited);
    assert_eq!(
        error.to_string(),
        "the database was migrated by other texts than this program holds: 0002_add_pinned was edited"
    );
}

#[test]
fn a_renamed_migration_is_named_with_its_new_name() {
    let error = refused(&notes_renamed::MIGRATIONS, &migrated(&notes_v2::MIGRATIONS));
    assert_eq!(error.kind(), ErrorKind::Edited);
    assert!(error.to_string().contains("0002_add_pinned was renamed to 0002_pin_notes"), "{error}");
}

#[test]
fn an_edit_is_named_even_in_a_newer_database() {
    let error = refused(&notes_edited::MIGRATIONS, &migrated(&notes_irreversible::MIGRATIONS));
    assert_eq!(error.kind(), ErrorKind::Edited);
}

#[test]
fn a_migration_that_the_program_lacks_is_missing() {
    let error = refused(&branch_a::MIGRATIONS, &migrated(&branch_b::MIGRATIONS));
    assert_eq!(error.kind(), ErrorKind::Missing);
    assert!(error.to_string().contains("20260102000000_create_links"), "{error}");
}

#[test]
fn a_migration_that_the_database_lacks_below_newer_ones_is_out_of_order() {
    let error = refused(&branch_b::MIGRATIONS, &migrated(&branch_a::MIGRATIONS));
    assert_eq!(error.kind(), ErrorKind::OutOfOrder);
    assert_eq!(
        error.to_string(),
        "20260102000000_create_links was never applied to the database, though 20260103000000_create_labels was"
    );
}

#[test]
fn a_newer_database_is_refused_with_both_versions() {
    let database = migrated(&notes_v3::MIGRATIONS);
    let error = notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Newer);
    assert_eq!(
        error.to_string(),
        "the database is at 0003_unique_bodies, newer than this program, which knows up to 0001_create_notes"
    );
    assert_eq!(notes_v1::MIGRATIONS.version(&database.open()).unwrap_err().kind(), ErrorKind::Newer);
    let status = notes_v1::MIGRATIONS.status(&database.open()).unwrap();
    assert_eq!(status.refusal().map(Error::kind), Some(ErrorKind::Newer));
    assert_eq!((status.current(), status.latest(), status.is_latest()), (Some(3), 1, false));
}

#[test]
fn reformatting_is_no_edit() {
    let database = migrated(&notes_reformatted::MIGRATIONS);
    assert!(notes_v2::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
    let database = migrated(&notes_v2::MIGRATIONS);
    let report = notes_reformatted::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    assert!(report.is_noop() && report.drift().is_empty());
    assert!(notes_reformatted::MIGRATIONS.status(&database.open()).unwrap().drift().is_empty());
    notes_reformatted::MIGRATIONS.downgrade_to(&mut database.open(), Target::Empty).unwrap();
}

#[test]
fn a_history_that_was_tampered_with_is_refused_where_it_is_read() {
    for (change, from) in [
        ("SET digest = zeroblob(32) WHERE version = 2", "the digests do not add up from 0002_add_pinned on"),
        ("SET history = zeroblob(32) WHERE version = 1", "the digests do not add up from 0001_create_notes on"),
        ("SET name = 'something' WHERE version = 3", "the digests do not add up from 0003_something on"),
        ("SET version = 4 WHERE version = 3", "the digests do not add up from 0004_unique_bodies on"),
        ("SET version = -1 WHERE version = 1", "it holds a version below 1"),
        ("SET name = CAST(x'ff' AS TEXT) WHERE version = 1", "it holds a row that cannot be read"),
        ("SET digest = x'00' WHERE version = 1", "its column digest does not hold what it should"),
    ] {
        let database = migrated(&notes_v3::MIGRATIONS);
        database.open().execute_batch(&format!("UPDATE _devilmcp_migrations {change}; {READ_IT}")).unwrap();
        damaged(&database, from);
    }
    let database = migrated(&notes_v3::MIGRATIONS);
    database.open().execute_batch(&format!("DELETE FROM _devilmcp_migrations WHERE version = 2; {READ_IT}")).unwrap();
    damaged(&database, "the digests do not add up from 0003_unique_bodies on");
}

#[test]
fn what_only_has_the_name_of_the_history_table_is_refused() {
    let columns = "version, name, digest, history, down, applied_at, duration_us, app_version, schema_cookie, adopted";
    for (sql, reason) in [
        ("CREATE VIEW _devilmcp_migrations AS SELECT 1 AS version".to_owned(), "it is a view"),
        (
            "CREATE TABLE _devilmcp_migrations (version, name)".to_owned(),
            "its columns are version, name, expected version,",
        ),
        (format!("CREATE TABLE _DevilMCP_Migrations ({columns}, extra)"), "its columns are version, name, digest,"),
        (
            format!(
                "CREATE TABLE _devilmcp_migrations ({columns});
                 INSERT INTO _devilmcp_migrations VALUES ('one', 'a', 'no digest', '', NULL, '', 0, NULL, 0, 0)"
            ),
            "its column version does not hold what it should",
        ),
    ] {
        damaged(&Database::from_sql(&sql), reason);
    }
}

/// A database that a program has made.
fn migrated<V: Versioned>(program: &Migrations<V>) -> Database {
    let database = Database::new();
    program.upgrade(&mut database.open()).unwrap();
    database
}

fn damaged(database: &Database, reason: &str) {
    let error = refused(&notes_v3::MIGRATIONS, database);
    assert_eq!(error.kind(), ErrorKind::History, "{reason}");
    assert!(error.to_string().contains(reason), "{reason}: {error}");
}

/// Every verb refuses for the same reason and changes nothing; `status` tells why.
fn refused<V: Versioned>(program: &Migrations<V>, database: &Database) -> Error {
    let before = database.bytes();
    let mut conn = database.open();
    let error = program.upgrade(&mut conn).unwrap_err();
    let kinds = [
        program.plan(&conn, Target::Latest).unwrap_err().kind(),
        program.version(&conn).unwrap_err().kind(),
        program.downgrade_to(&mut conn, Target::Empty).unwrap_err().kind(),
        program.status(&conn).unwrap().refusal().unwrap().kind(),
    ];
    assert_eq!(kinds, [error.kind(); 4]);
    let status = program.status(&conn).unwrap();
    assert!(!status.is_latest() && status.pending().is_empty());
    assert!(database.bytes() == before);
    error
}
