//! Locks that SQLite does not wait for: out of WAL mode there is no way as long as another connection has the file open, and
//! SQLite says so at once, whatever the busy timeout.

use std::thread;
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{ErrorKind, Event, Target};

use super::made;
use crate::programs::{alone, alone_v1};
use crate::support::{Database, column};

#[test]
fn a_statement_is_tried_again_until_the_lock_is_free() {
    let (database, mut conn, other) = in_wal();
    thread::scope(|scope| {
        scope.spawn(|| ends(other, Duration::from_millis(200)));
        alone::MIGRATIONS.downgrade_to(&mut conn, alone::Version::V0001Logs).unwrap();
    });
    assert_eq!(made(&database.open()), (4096, 0, "delete".to_owned()));
}

#[test]
fn so_is_one_that_stands_behind_others_and_those_are_not_repeated() {
    let (database, mut conn, other) = in_wal();
    let down = "-- migrate: no_transaction\nINSERT INTO logs (line) VALUES ('once'); PRAGMA journal_mode = DELETE";
    conn.execute("UPDATE _devilmcp_migrations SET down = ?1 WHERE version = 3", [down]).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| ends(other, Duration::from_millis(200)));
        alone_v1::MIGRATIONS.downgrade_to(&mut conn, Target::Latest).unwrap();
    });
    assert_eq!(column(&database.open(), "SELECT line FROM logs"), ["once"]);
}

#[test]
fn the_time_that_an_error_says_has_been_waited_has_been_waited() {
    let (_database, mut conn, _other) = in_wal();
    for timeout in [300, 20] {
        conn.busy_timeout(Duration::from_millis(timeout)).unwrap();
        let started = Instant::now();
        let error = alone::MIGRATIONS.downgrade_to(&mut conn, alone::Version::V0001Logs).unwrap_err();
        let waited = started.elapsed();
        assert_eq!(error.kind(), ErrorKind::Locked, "{error}");
        assert!(error.to_string().contains(&format!("busy timeout of {timeout} ms")), "{error}");
        assert!(waited >= Duration::from_millis(timeout), "{waited:?}");
        assert_eq!(alone::MIGRATIONS.status(&conn).unwrap().claim(), None);
    }
}

#[test]
fn who_does_not_want_to_wait_does_not() {
    let (_database, mut conn, _other) = in_wal();
    conn.busy_timeout(Duration::ZERO).unwrap();
    let error = alone::MIGRATIONS.downgrade_to(&mut conn, alone::Version::V0001Logs).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked, "{error}");
    assert!(error.to_string().ends_with("another connection holds the lock, and no busy timeout is set"), "{error}");
}

#[test]
fn a_claim_is_taken_back_where_not_even_reading_is_possible_after_it() {
    let database = Database::new();
    let mut conn = database.open();
    alone_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    conn.busy_timeout(Duration::from_millis(200)).unwrap();
    let path = database.path();
    let migrator = alone::MIGRATIONS.migrator().on_event(move |event| {
        if matches!(event, Event::MigrationStarted { .. }) {
            let other = Connection::open(&path).unwrap();
            other.execute_batch("BEGIN EXCLUSIVE").unwrap();
            thread::spawn(move || ends(other, Duration::from_millis(300)));
        }
    });
    let error = migrator.upgrade(&mut conn).unwrap_err();
    assert!(error.kind() == ErrorKind::Locked && error.to_string().ends_with("busy timeout of 200 ms"), "{error}");
    assert_eq!(alone::MIGRATIONS.status(&conn).unwrap().claim(), None);
}

/// A database in WAL mode, the connection that is to change that, and another one that has it open.
fn in_wal() -> (Database, Connection, Connection) {
    let database = Database::new();
    let mut conn = database.open();
    alone::MIGRATIONS.upgrade_to(&mut conn, alone::Version::V0003Wal).unwrap();
    let other = database.open();
    assert!(column(&other, "SELECT line FROM logs").is_empty());
    (database, conn, other)
}

/// Closes the connection after a while.
fn ends(conn: Connection, after: Duration) {
    thread::sleep(after);
    drop(conn);
}
