//! The way back.

use std::error::Error as _;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Action, ErrorKind, Target};

use crate::programs::{notes_irreversible, notes_v1, notes_v2, notes_v3};
use crate::support::{Database, column, integer, schema, texts};

#[test]
fn a_downgrade_ends_where_an_upgrade_to_there_would() {
    let mut conn = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch("INSERT INTO notes (body, pinned) VALUES ('a', 1), ('b', 0)").unwrap();
    let report = notes_v3::MIGRATIONS.downgrade_to(&mut conn, notes_v3::Version::V0001CreateNotes).unwrap();
    let undone: Vec<_> = report.done().iter().map(|done| (done.number(), done.action())).collect();
    assert_eq!(undone, [(3, Action::Revert), (2, Action::Revert)]);
    assert_eq!((report.from(), report.to()), (Some(3), Some(1)));
    assert_eq!(schema(&conn), schema(&notes_v1::MIGRATIONS.open_in_memory().unwrap()));
    assert_eq!(column(&conn, "SELECT body FROM notes"), ["a", "b"]);
    assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().done().len(), 2, "and up again");
}

#[test]
fn below_the_first_migration_the_database_is_as_before_it() {
    let database =
        Database::from_sql("CREATE TABLE other (a); CREATE INDEX i ON other (a); INSERT INTO other VALUES (1)");
    let mut conn = database.open();
    let before = (texts(&conn), column(&conn, "SELECT rowid || a FROM other"));
    notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap();
    let report = notes_v3::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap();
    assert_eq!(report.to(), None);
    assert_eq!((texts(&conn), column(&conn, "SELECT rowid || a FROM other")), before);
    assert_eq!(integer(&conn, "PRAGMA user_version"), 0);
    assert_eq!(notes_v3::MIGRATIONS.version(&conn).unwrap(), None);
    assert!(notes_v3::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap().is_noop());
}

#[test]
fn an_irreversible_migration_on_the_way_is_refused_before_anything_happens() {
    let database = Database::new();
    let mut conn = database.open();
    notes_irreversible::MIGRATIONS.upgrade(&mut conn).unwrap();
    let before = database.bytes();
    let two = notes_irreversible::Version::V0002AddPinned;
    let error = notes_irreversible::MIGRATIONS.downgrade_to(&mut conn, two).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Irreversible, "0003_merge_bodies is irreversible")
    );
    assert!(database.bytes() == before);
    notes_irreversible::MIGRATIONS.downgrade_to(&mut conn, notes_irreversible::Version::V0003MergeBodies).unwrap();
}

#[test]
fn a_target_ahead_is_refused() {
    let mut conn = notes_v1::MIGRATIONS.open_in_memory().unwrap();
    let error = notes_v3::MIGRATIONS.downgrade_to(&mut conn, notes_v3::Version::V0002AddPinned).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongDirection);
    assert_eq!(
        error.to_string(),
        "the database is at 0001_create_notes, short of 0002_add_pinned: upgrade leads there"
    );
}

#[test]
fn a_program_takes_back_what_a_newer_one_did() {
    let mut conn = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch("INSERT INTO notes (body) VALUES ('kept')").unwrap();
    notes_v1::MIGRATIONS.downgrade_to(&mut conn, Target::Latest).unwrap();
    assert_eq!(schema(&conn), schema(&notes_v1::MIGRATIONS.open_in_memory().unwrap()));
    assert_eq!(column(&conn, "SELECT body FROM notes"), ["kept"]);
    assert!(notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
}

#[test]
fn what_a_newer_program_made_without_a_way_back_stays() {
    let mut conn = notes_irreversible::MIGRATIONS.open_in_memory().unwrap();
    let before = texts(&conn);
    let error = notes_v1::MIGRATIONS.downgrade_to(&mut conn, Target::Latest).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Irreversible);
    assert_eq!(texts(&conn), before);
}

#[test]
fn a_way_back_that_the_program_holds_is_preferred_to_the_stored_one() {
    let mut conn = notes_v2::MIGRATIONS.open_in_memory().unwrap();
    store(&conn, "DROP TABLE notes");
    notes_v2::MIGRATIONS.downgrade_to(&mut conn, notes_v2::Version::V0001CreateNotes).unwrap();
    assert_eq!(integer(&conn, "SELECT count(*) FROM notes"), 0);
}

#[test]
fn a_way_back_that_fails_changes_nothing() {
    let database = Database::new();
    let mut conn = database.open();
    notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap();
    conn.execute_batch("DROP INDEX notes_pinned").unwrap();
    let before = database.bytes();
    let error = notes_v3::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Apply);
    assert!(error.to_string().starts_with("the way back of 0002_add_pinned failed at line 1, column 1"), "{error}");
    assert!(database.bytes() == before);
}

#[test]
fn a_stored_way_back_that_an_enemy_has_edited_is_refused_and_nothing_changes() {
    let elsewhere = Database::from_sql("CREATE TABLE secrets (a); INSERT INTO secrets VALUES (1)");
    let secrets = elsewhere.bytes();
    let outside = "a migration must not reach outside its database";
    let transaction = "a migration must not begin, end or nest a transaction";
    let history = "a migration must not touch the history table";
    let pragma = "a migration must not set this pragma";
    for (down, reason) in [
        ("ATTACH 'made.db' AS made", outside),
        ("DETACH elsewhere", outside),
        ("SELECT load_extension('evil')", outside),
        ("VACUUM INTO 'made.db'", outside),
        ("DROP TABLE elsewhere.secrets", outside),
        ("DELETE FROM secrets", outside),
        ("SELECT * FROM elsewhere.secrets", outside),
        ("CREATE TABLE elsewhere.made (a)", outside),
        ("CREATE TABLE elsewhere.made AS SELECT 1", outside),
        ("ALTER TABLE elsewhere.secrets ADD COLUMN b", outside),
        ("CREATE INDEX elsewhere.i ON secrets (a)", outside),
        (
            "CREATE TEMP TRIGGER t AFTER INSERT ON main.notes BEGIN DELETE FROM secrets; END; INSERT INTO notes (body) VALUES ('a')",
            outside,
        ),
        ("ANALYZE elsewhere", outside),
        ("COMMIT", transaction),
        ("ROLLBACK", transaction),
        ("SAVEPOINT a", transaction),
        ("DROP TABLE _devilmcp_migrations", history),
        ("DELETE FROM _DevilMCP_migrations", history),
        ("ALTER TABLE _devilmcp_migrations RENAME TO mine", history),
        ("CREATE TRIGGER t AFTER DELETE ON _devilmcp_migrations BEGIN SELECT 1; END", history),
        ("CREATE TEMP TRIGGER t AFTER DELETE ON main._devilmcp_migrations BEGIN SELECT 1; END", history),
        ("CREATE TEMP TABLE _devilmcp_migrations (a)", history),
        ("PRAGMA writable_schema = ON", pragma),
        ("PRAGMA main.user_version(3)", pragma),
        ("PRAGMA foreign_keys = ON", pragma),
        ("DROP INDEX notes_pinned; PRAGMA schema_version = 1", pragma),
    ] {
        let database = Database::new();
        let mut conn = database.open();
        notes_v2::MIGRATIONS.upgrade(&mut conn).unwrap();
        store(&conn, down);
        conn.execute("ATTACH ?1 AS elsewhere", [elsewhere.path().to_str()]).unwrap();
        let before = database.bytes();
        let error = notes_v1::MIGRATIONS.downgrade_to(&mut conn, Target::Latest).expect_err(down);
        assert_eq!(error.kind(), ErrorKind::Apply, "{down}");
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some(reason), "{down}");
        assert!(conn.is_autocommit());
        assert!(database.bytes() == before && elsewhere.bytes() == secrets, "{down}");
        assert!(!std::path::Path::new("made.db").exists());
    }
}

fn store(conn: &Connection, down: &str) {
    conn.execute("UPDATE _devilmcp_migrations SET down = ?1 WHERE version = 2", [down]).unwrap();
}
