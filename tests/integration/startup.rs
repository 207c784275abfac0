//! A start that has nothing to do, and what keeps it from being quick.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use devilmcp_migrate::{ErrorKind, Report, Target};

use crate::programs::{alone_first, devilmcp, notes_own_version, notes_v1, notes_v2, notes_v3};
use crate::support::{Database, integer, sentences};

/// What SQLite is asked when a start reads the two fields of the header and nothing else.
pub(crate) const HEADER_ONLY: [&str; 2] = ["PRAGMA user_version", "PRAGMA schema_version"];

#[test]
fn a_start_that_changes_nothing_writes_nothing() {
    let database = upgraded();
    let before = (database.bytes(), modified(&database));
    let report = notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    assert!(report.is_noop() && report.to() == Some(3));
    assert!((database.bytes(), modified(&database)) == before);
}

#[test]
fn a_start_that_changes_nothing_reads_the_header_only() {
    let database = upgraded();
    assert_eq!(asked(&mut database.open()), HEADER_ONLY);
}

#[test]
fn a_start_that_changes_nothing_does_not_parse_the_schema() {
    let database = upgraded();
    // Behind the back of the schema cookie: who reads the schema now fails.
    database
        .open()
        .execute_batch("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'nonsense' WHERE name = 'notes'")
        .unwrap();
    database.open().execute_batch("SELECT 1 FROM labels").unwrap_err();
    assert!(notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
}

#[test]
fn a_start_that_changes_nothing_needs_no_right_to_write() {
    let database = upgraded();
    let mut read_only = database.open_read_only();
    assert!(notes_v3::MIGRATIONS.upgrade(&mut read_only).unwrap().is_noop());
    let mut query_only = database.open();
    query_only.execute_batch("PRAGMA query_only = ON").unwrap();
    assert!(notes_v3::MIGRATIONS.upgrade(&mut query_only).unwrap().is_noop());
    // The cookie moves: the longer way is no less free of writes.
    database.open().execute_batch("VACUUM").unwrap();
    for conn in [&mut read_only, &mut query_only] {
        assert!(notes_v3::MIGRATIONS.upgrade(conn).unwrap().is_noop());
        assert!(notes_v3::MIGRATIONS.status(conn).unwrap().is_latest());
    }
}

#[test]
fn a_start_after_the_cookie_has_moved_makes_the_next_one_quick_again() {
    let database = upgraded();
    database.open().execute_batch("INSERT INTO notes (body) VALUES ('a')").unwrap();
    for mover in ["VACUUM", "ANALYZE", "CREATE TABLE t (a); DROP TABLE t"] {
        database.open().execute_batch(mover).unwrap();
        let mut conn = database.open();
        let asked_first = asked(&mut conn);
        assert!(asked_first.len() > HEADER_ONLY.len(), "{mover}");
        assert_eq!(asked(&mut database.open()), HEADER_ONLY, "{mover}");
        assert!(notes_v3::MIGRATIONS.status(&database.open()).unwrap().drift().is_empty());
    }
}

#[test]
fn drift_is_reported_at_every_start_and_stops_none() {
    for (change, drift) in [
        ("CREATE INDEX by_hand ON notes (id, body)", "index `by_hand` is not expected"),
        ("DROP INDEX notes_pinned", "index `notes_pinned` is missing"),
        ("ALTER TABLE notes ADD COLUMN extra TEXT", "table `notes`: column `extra` is not expected"),
        ("CREATE TABLE extra (a)", "table `extra` is not expected"),
        ("DROP TABLE labels; CREATE VIEW labels AS SELECT 1", "`labels` is a view, expected a table"),
    ] {
        let database = upgraded();
        database.open().execute_batch(change).unwrap();
        for _ in 0..2 {
            let report = notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
            assert!(report.is_noop());
            assert_eq!(sentences(report.drift()), [drift]);
            let status = notes_v3::MIGRATIONS.status(&database.open()).unwrap();
            assert_eq!(sentences(status.drift()), [drift]);
            assert!(status.is_latest());
        }
    }
}

#[test]
fn drift_from_before_an_upgrade_is_reported_by_it_and_after_it() {
    for user_version in [None, Some(7)] {
        let database = Database::new();
        let own = user_version.map(|own| format!("PRAGMA user_version = {own}")).unwrap_or_default();
        database.open().execute_batch(&own).unwrap();
        notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        database.open().execute_batch("CREATE INDEX by_hand ON notes (id, body)").unwrap();
        let drifts = |report: &Report| sentences(report.drift());
        let upgrade = notes_v2::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        assert_eq!((upgrade.done().len(), drifts(&upgrade)), (1, vec!["index `by_hand` is not expected".to_owned()]));
        for _ in 0..2 {
            let next = notes_v2::MIGRATIONS.upgrade(&mut database.open()).unwrap();
            assert_eq!(drifts(&next), drifts(&upgrade), "{user_version:?}");
        }
        // Mended, it is as if nothing had been.
        database.open().execute_batch("DROP INDEX by_hand").unwrap();
        assert!(notes_v2::MIGRATIONS.upgrade(&mut database.open()).unwrap().drift().is_empty());
        assert_eq!(integer(&database.open(), "PRAGMA user_version") == 7, user_version.is_some());
        assert!(notes_v2::MIGRATIONS.upgrade(&mut database.open()).unwrap().drift().is_empty());
    }
}

#[test]
fn a_history_table_that_was_dropped_is_noticed() {
    let database = upgraded();
    database.open().execute_batch("DROP TABLE _devilmcp_migrations").unwrap();
    let before = database.bytes();
    let error = notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Apply, "the table is there already: {error}");
    assert!(database.bytes() == before);

    let mut conn = devilmcp::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch("DROP TABLE _devilmcp_migrations").unwrap();
    assert_eq!(devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap_err().kind(), ErrorKind::Contradiction);
}

#[test]
fn a_start_that_changes_nothing_takes_no_lock_in_which_a_writer_would_be_in_the_way() {
    let [tagged, owned] = [upgraded(), upgraded()];
    owned.open().execute_batch("PRAGMA user_version = 5").unwrap();
    for database in [&tagged, &owned] {
        let writer = database.open();
        // RESERVED: others may read, and nobody else may have it.
        writer.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut conn = database.open();
        conn.busy_timeout(std::time::Duration::ZERO).unwrap();
        assert!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
    }
}

#[test]
fn a_field_that_is_said_to_be_the_applications_is_neither_written_nor_believed() {
    let database = Database::new();
    // Nobody could tell by this that it is the application's.
    for expected in [3, 0, 0] {
        let report = notes_own_version::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        assert_eq!((report.done().len(), report.drift().len()), (expected, 0));
        assert_eq!(integer(&database.open(), "PRAGMA user_version"), 0);
    }
    // What another program has written there proves nothing.
    let tag = integer(&upgraded().open(), "PRAGMA user_version");
    for own in [1, tag] {
        database.open().pragma_update(None, "user_version", own).unwrap();
        assert!(notes_own_version::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
        database.open().execute_batch("CREATE INDEX by_hand ON notes (id, body)").unwrap();
        let report = notes_own_version::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        assert_eq!(sentences(report.drift()), ["index `by_hand` is not expected"]);
        database.open().execute_batch("DROP INDEX by_hand; VACUUM").unwrap();
        assert!(notes_own_version::MIGRATIONS.upgrade(&mut database.open()).unwrap().drift().is_empty());
        notes_own_version::MIGRATIONS.downgrade_to(&mut database.open(), Target::Empty).unwrap();
        assert_eq!(integer(&database.open(), "PRAGMA user_version"), own);
        notes_own_version::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        assert_eq!(integer(&database.open(), "PRAGMA user_version"), own);
    }
}

#[test]
fn a_start_that_may_not_use_the_field_believes_the_history_only_while_nothing_is_begun() {
    let database = Database::new();
    alone_first::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    database.open().execute_batch("PRAGMA user_version = 5").unwrap();
    assert!(alone_first::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
    let conn = database.open();
    conn.busy_timeout(std::time::Duration::ZERO).unwrap();
    let cookie = integer(&conn, "PRAGMA schema_version");
    conn.execute_batch("CREATE TABLE _devilmcp_migrations_claim (a)").unwrap();
    // Behind the back of the cookie.
    conn.pragma_update(None, "schema_version", cookie).unwrap();
    drop(conn);
    let mut conn = database.open();
    conn.busy_timeout(std::time::Duration::ZERO).unwrap();
    let error = alone_first::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(error.to_string(), "SQLite failed to look for a claim");
}

#[test]
fn an_application_that_uses_the_user_version_pays_with_the_longer_way_only() {
    let database = upgraded();
    database.open().execute_batch("PRAGMA user_version = 5").unwrap();
    for _ in 0..2 {
        let mut conn = database.open();
        assert!(asked(&mut conn).len() > HEADER_ONLY.len());
        assert_eq!(integer(&conn, "PRAGMA user_version"), 5);
    }
    database.open().execute_batch("DROP INDEX notes_pinned").unwrap();
    let report = notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    assert_eq!(sentences(report.drift()), ["index `notes_pinned` is missing"]);
}

fn upgraded() -> Database {
    let database = Database::new();
    notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    database
}

fn modified(database: &Database) -> SystemTime {
    std::fs::metadata(database.path()).unwrap().modified().unwrap()
}

/// What SQLite is asked to do during a start, as its authorizer hears of it; `CREATE`s and the like are not written out.
pub(crate) fn asked(conn: &mut Connection) -> Vec<String> {
    asked_by(conn, |conn| notes_v3::MIGRATIONS.upgrade(conn).unwrap())
}

pub(crate) fn asked_by(conn: &mut Connection, start: impl FnOnce(&mut Connection) -> Report) -> Vec<String> {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let hook = move |context: AuthContext<'_>| {
        seen.lock().unwrap().push(match context.action {
            AuthAction::Pragma { pragma_name, pragma_value: None } => format!("PRAGMA {pragma_name}"),
            other => format!("{other:?}"),
        });
        Authorization::Allow
    };
    conn.authorizer(Some(hook)).unwrap();
    assert!(start(conn).is_noop());
    conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).unwrap();
    let asked = asked.lock().unwrap();
    asked.clone()
}
