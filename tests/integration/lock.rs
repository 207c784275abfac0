//! Databases that others hold, or that cannot be written.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use devilmcp_migrate::{ErrorKind, Target};

use crate::programs::{devilmcp, notes_v1, notes_v3};
use crate::support::{Database, column, integer};

#[test]
fn pending_migrations_on_a_database_that_cannot_be_written_are_refused_as_such() {
    let fresh = Database::from_sql("CREATE TABLE other (a)");
    let behind = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut behind.open()).unwrap();
    for (database, pending) in [(fresh, 3), (behind, 2)] {
        let before = database.bytes();
        let query_only = database.open();
        query_only.execute_batch("PRAGMA query_only = ON").unwrap();
        for mut conn in [database.open_read_only(), query_only] {
            let error = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");
            assert!(error.to_string().contains(&format!("{pending} migrations")), "{error}");
            assert_eq!(notes_v3::MIGRATIONS.status(&conn).unwrap().pending().len(), pending);
        }
        assert!(database.bytes() == before);
    }
}

#[test]
fn a_lock_that_outlasts_the_busy_timeout_is_named_and_nothing_changes() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let before = database.bytes();
    // The first can still be read; the second cannot.
    for lock in ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"] {
        let blocker = database.open();
        blocker.execute_batch(lock).unwrap();
        let mut conn = database.open();
        conn.busy_timeout(Duration::from_millis(20)).unwrap();
        let error = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked, "{error}");
        assert!(error.to_string().contains("20 ms"), "{lock}: {error}");
        if lock == "BEGIN EXCLUSIVE" {
            let error = notes_v3::MIGRATIONS.status(&conn).unwrap_err();
            assert!(error.kind() == ErrorKind::Locked && error.to_string().contains("20 ms"), "{error}");
            let error = notes_v3::MIGRATIONS.version(&conn).unwrap_err();
            assert!(error.kind() == ErrorKind::Locked && error.to_string().contains("20 ms"), "{error}");
            let error = notes_v3::MIGRATIONS.plan(&conn, Target::Latest).unwrap_err();
            assert!(error.kind() == ErrorKind::Locked && error.to_string().contains("20 ms"), "{error}");
        }
    }
    assert!(database.bytes() == before);
    notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
}

#[test]
fn a_reader_that_outlasts_the_busy_timeout_blocks_the_commit_and_nothing_changes() {
    let database = Database::from_sql("CREATE TABLE other (a); INSERT INTO other VALUES (1)");
    let before = database.bytes();
    let reader = database.open();
    reader.execute_batch("BEGIN; SELECT * FROM other").unwrap();
    let mut conn = database.open();
    conn.busy_timeout(Duration::from_millis(20)).unwrap();
    let error = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert!(error.kind() == ErrorKind::Locked && error.to_string().contains("20 ms"), "{error}");
    assert!(conn.is_autocommit() && database.bytes() == before);
}

#[test]
fn a_busy_handler_of_the_caller_is_asked_and_stays() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let asked = || ASKED.swap(0, Ordering::Relaxed);
    let database = Database::new();
    let blocker = database.open();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut conn = database.open();
    let handler = |times| {
        ASKED.fetch_add(1, Ordering::Relaxed);
        times < 2
    };
    conn.busy_handler(Some(handler)).unwrap();
    let error = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert!(error.kind() == ErrorKind::Locked && error.to_string().contains("no busy timeout"), "{error}");
    assert_eq!(asked(), 3);
    conn.execute_batch("BEGIN IMMEDIATE").unwrap_err();
    assert_eq!(asked(), 3);
}

#[test]
fn a_start_sees_one_moment_even_if_another_process_migrates_meanwhile() {
    let database = Database::from_dump_in_wal("create_all.sql");
    let mut conn = database.open();
    let other = Mutex::new(Some(database.open()));
    // When the first looks at the texts of the schema, it has seen that there is no history; now the second makes it.
    let hook = move |context: AuthContext<'_>| {
        if matches!(context.action, AuthAction::Read { table_name: "sqlite_master", column_name: "sql" })
            && let Some(mut other) = other.lock().unwrap().take()
        {
            devilmcp::MIGRATIONS.upgrade(&mut other).unwrap();
        }
        Authorization::Allow
    };
    conn.authorizer(Some(hook)).unwrap();
    let report = devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert!(report.is_noop(), "{report:?}");
    assert_eq!(column(&conn, "SELECT count(*) || '' FROM _devilmcp_migrations"), ["12"]);
}

#[test]
fn a_start_waits_for_nobody_to_make_the_next_one_quick() {
    let database = Database::new();
    notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let blocker = database.open();
    blocker.execute_batch("VACUUM; BEGIN IMMEDIATE").unwrap();
    let mut conn = database.open();
    conn.busy_timeout(Duration::from_secs(4)).unwrap();
    let started = Instant::now();
    assert!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(integer(&conn, "PRAGMA busy_timeout"), 4000);
}
