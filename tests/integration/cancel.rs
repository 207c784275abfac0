//! Runs that somebody else ends.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{
    Backup, Cancel, Claim, Error, ErrorKind, Event, Migrator, Report, Resolution, Target, Versioned,
};

use crate::hooks::with;
use crate::programs::{alone, notes_v1, notes_v3, stopped};
use crate::support::{Database, integer};

#[test]
fn a_run_that_is_cancelled_at_any_event_is_rolled_back() {
    for at in 1.. {
        let database = Database::new();
        let mut conn = database.open();
        notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
        conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 1234").unwrap();
        let before = database.bytes();
        let outcome = cancelled_at(at, notes_v3::MIGRATIONS.migrator()).upgrade(&mut conn);
        assert_eq!(["foreign_keys", "busy_timeout"].map(|name| integer(&conn, &format!("PRAGMA {name}"))), [1, 1234]);
        let Err(error) = outcome else {
            assert!(at > 8, "only when all was committed");
            assert_eq!(notes_v3::MIGRATIONS.status(&conn).unwrap().current(), Some(3));
            return;
        };
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
        assert!(conn.is_autocommit() && database.bytes() == before);
        assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().done().len(), 2);
    }
}

#[test]
fn a_statement_without_an_end_is_ended_from_another_thread() {
    for mode in [Mode::Transaction, Mode::Alone] {
        let mut conn = endless(mode);
        let before = integer(&conn, "SELECT count(*) FROM notes");
        let started = Instant::now();
        let error = cancelled_after(Duration::from_millis(200), |cancel| {
            notes_v1::MIGRATIONS.migrator().cancel_with(cancel).downgrade_to(&mut conn, Target::Latest)
        });
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert!(error.to_string().ends_with("line 1, and everything was rolled back"), "{error}");
        assert!(started.elapsed() >= Duration::from_millis(200));
        assert!(conn.is_autocommit());
        assert_eq!(integer(&conn, "SELECT count(*) FROM notes"), before);
        let status = notes_v3::MIGRATIONS.status(&conn).unwrap();
        assert_eq!((status.current(), status.claim()), (Some(3), None), "{mode:?}");
        assert_eq!(integer(&conn, ENDS_LATE), 1_000_000, "nothing interrupts the connection any more");
    }
}

#[test]
fn what_came_before_it_outside_of_a_transaction_stays_and_is_said() {
    let mut conn = endless(Mode::Alone);
    let (before, endless) = ("INSERT INTO notes (body) VALUES ('stays');", endless_insert());
    let down = format!("-- migrate: no_transaction\n{before}\n{endless}");
    conn.execute("UPDATE _devilmcp_migrations SET down = ?1 WHERE version = 3", [down]).unwrap();
    let error = cancelled_after(Duration::from_millis(100), |cancel| {
        notes_v1::MIGRATIONS.migrator().cancel_with(cancel).downgrade_to(&mut conn, Target::Latest)
    });
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(error.to_string().contains("line 2: what came before it stays, and it has to be resolved"), "{error}");
    assert_eq!(integer(&conn, "SELECT count(*) FROM notes WHERE body = 'stays'"), 1);
    assert_eq!(notes_v3::MIGRATIONS.status(&conn).unwrap().claim().map(Claim::number), Some(3));
    notes_v3::MIGRATIONS.migrator().resolve(&mut conn, Resolution::Applied).unwrap();
    assert!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
}

#[test]
fn what_has_been_run_outside_of_a_transaction_is_recorded_before_the_run_ends() {
    for at in 1.. {
        let database = Database::new();
        let mut conn = database.open();
        let outcome = cancelled_at(at, alone::MIGRATIONS.migrator()).upgrade(&mut conn);
        let status = alone::MIGRATIONS.status(&conn).unwrap();
        // In the second migration, of three statements, the first of which changes nothing in the file, it may stay.
        assert!(status.claim().is_none_or(|claim| claim.number() == 2), "{at}");
        if let Some(claim) = status.claim() {
            assert_eq!(claim.name(), "compact");
            alone::MIGRATIONS.migrator().resolve(&mut conn, Resolution::NotApplied).unwrap();
        }
        let done = alone::MIGRATIONS.upgrade(&mut conn).unwrap().done().len();
        match outcome {
            Ok(_) => return assert_eq!(done, 0),
            Err(error) => assert!(error.kind() == ErrorKind::Cancelled && done > 0, "{error}"),
        }
    }
}

#[test]
fn who_waits_for_a_lock_does_not_wait_on() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    for blocking in ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"] {
        let blocker = database.open();
        blocker.execute_batch(blocking).unwrap();
        let mut conn = database.open();
        conn.busy_timeout(Duration::from_secs(60)).unwrap();
        let started = Instant::now();
        let error = cancelled_after(Duration::from_millis(150), |cancel| {
            notes_v3::MIGRATIONS.migrator().cancel_with(cancel).upgrade(&mut conn)
        });
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
        assert!(started.elapsed() < Duration::from_secs(30));
        assert_eq!(integer(&conn, "PRAGMA busy_timeout"), 60_000);
    }
}

#[test]
fn so_does_who_waits_for_a_reader_at_the_commit_or_for_a_claim() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let reader = database.open();
    reader.execute_batch("BEGIN; SELECT * FROM notes").unwrap();
    let mut conn = database.open();
    conn.busy_timeout(Duration::from_secs(60)).unwrap();
    let error = cancelled_after(Duration::from_millis(150), |cancel| {
        notes_v3::MIGRATIONS.migrator().cancel_with(cancel).upgrade(&mut conn)
    });
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    assert_eq!(notes_v3::MIGRATIONS.status(&conn).unwrap().current(), Some(1));

    let mut claimed = crate::no_transaction::twice();
    stopped::MIGRATIONS.upgrade(&mut claimed).unwrap_err();
    claimed.busy_timeout(Duration::from_secs(60)).unwrap();
    let error = cancelled_after(Duration::from_millis(150), |cancel| {
        stopped::MIGRATIONS.migrator().cancel_with(cancel).upgrade(&mut claimed)
    });
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
}

#[test]
fn a_backup_is_cancelled_between_its_pages_and_leaves_no_file() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let large = format!("INSERT INTO notes (body) SELECT hex(zeroblob(2000)) || i FROM ({COUNT}) LIMIT 4000");
    database.open().execute_batch(&large).unwrap();
    let cancel = Cancel::new();
    let remote = cancel.clone();
    let migrator = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).cancel_with(&cancel);
    let migrator = migrator.on_event(move |event| {
        if let Event::Backup { copied, of, .. } = event {
            assert!(copied < of, "cancelled before");
            remote.cancel();
        }
    });
    let error = migrator.upgrade(&mut database.open()).unwrap_err();
    let said = "the run was cancelled at the backup, and everything was rolled back";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Cancelled, said));
    assert_eq!(fs::read_dir(database.path().parent().unwrap()).unwrap().count(), 1);
    assert_eq!(notes_v1::MIGRATIONS.status(&database.open()).unwrap().current(), Some(1));
}

#[test]
fn a_hook_is_cancelled_at_its_statement() {
    let mut conn = notes_v1::MIGRATIONS.open_in_memory().unwrap();
    let error = cancelled_after(Duration::from_millis(100), |cancel| {
        let hook = with(|sql| Ok(sql.execute(&endless_insert(), ()).map(drop)?));
        hook.cancel_with(cancel).upgrade(&mut conn)
    });
    let said = "the run was cancelled at the hook after 0002_add_pinned, and everything was rolled back";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Cancelled, said));
    assert_eq!(integer(&conn, "SELECT count(*) FROM notes"), 0);
}

#[test]
fn what_was_cancelled_before_changes_nothing_and_what_has_nothing_to_do_is_not_cancelled() {
    let cancel = Cancel::new();
    cancel.clone().cancel();
    assert!(cancel.is_cancelled());
    let migrator = notes_v3::MIGRATIONS.migrator().cancel_with(&cancel);
    let mut conn = Connection::open_in_memory().unwrap();
    assert_eq!(migrator.upgrade(&mut conn).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(integer(&conn, "SELECT count(*) FROM sqlite_schema"), 0);
    notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert!(migrator.upgrade(&mut conn).unwrap().is_noop());
}

/// A cancelled run, a cancelled run outside of a transaction, and a cancelled hook.
pub(crate) fn errors() -> Vec<Error> {
    let cancelled = Cancel::new();
    cancelled.cancel();
    let mut conn = Connection::open_in_memory().unwrap();
    let before = notes_v3::MIGRATIONS.migrator().cancel_with(&cancelled).upgrade(&mut conn).unwrap_err();
    let at = |at| cancelled_at(at, notes_v3::MIGRATIONS.migrator()).open_in_memory().unwrap_err();
    let mut alone_at_second = endless(Mode::Alone);
    let down = "-- migrate: no_transaction\nSELECT 1;\nSELECT 2;";
    alone_at_second.execute("UPDATE _devilmcp_migrations SET down = ?1 WHERE version = 3", [down]).unwrap();
    let migrator = cancelled_at(4, notes_v1::MIGRATIONS.migrator());
    let outside = migrator.downgrade_to(&mut alone_at_second, Target::Latest).unwrap_err();
    vec![before, at(2), at(6), outside]
}

/// In what a way back runs that has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Transaction,
    Alone,
}

/// A database whose newest migration has a way back without an end.
pub(crate) fn endless(mode: Mode) -> Connection {
    let conn = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    let directive = if mode == Mode::Alone { "-- migrate: no_transaction\n" } else { "" };
    let down = format!("{directive}{}", endless_insert());
    conn.execute("UPDATE _devilmcp_migrations SET down = ?1 WHERE version = 3", [down]).unwrap();
    conn
}

fn endless_insert() -> String {
    format!("INSERT INTO notes (body) {}", COUNT.replace("LIMIT 1000000", "LIMIT -1"))
}

fn cancelled_after(pause: Duration, run: impl FnOnce(&Cancel) -> Result<Report, Error>) -> Error {
    let cancel = Cancel::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(pause);
            cancel.cancel();
        });
        run(&cancel).unwrap_err()
    })
}

/// Cancels at the n-th event.
fn cancelled_at<V: Versioned>(at: u32, migrator: Migrator<'_, V>) -> Migrator<'_, V> {
    let (cancel, events) = (Cancel::new(), AtomicU32::new(0));
    let migrator = migrator.cancel_with(&cancel);
    migrator.on_event(move |event: &Event<'_>| {
        if events.fetch_add(1, Ordering::Relaxed) + 1 == at && !matches!(event, Event::Failed { .. }) {
            cancel.cancel();
        }
    })
}

const COUNT: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000) SELECT i FROM n";
const ENDS_LATE: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000) SELECT count(*) FROM n";
