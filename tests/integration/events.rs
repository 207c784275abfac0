//! What is told while it happens.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Cancel, Claim, Event, Resolution, Target};

use crate::cancel::{Mode, endless};
use crate::programs::{alone, enforced, notes_v1, notes_v3, stopped};
use crate::startup::{HEADER_ONLY, asked_by};
use crate::support::{Database, integer};

#[test]
fn a_run_tells_what_it_does_in_that_order() {
    let said = Said::default();
    let mut conn = Connection::open_in_memory().unwrap();
    notes_v3::MIGRATIONS.migrator().on_event(said.listener()).upgrade(&mut conn).unwrap();
    let expected = [
        "from nothing to 0003: 3 migrations",
        "applying 0001_create_notes",
        "0001_create_notes: statement 1 of 1, line 1: CREATE TABLE notes (",
        "0001_create_notes: took",
        "applying 0002_add_pinned",
        "0002_add_pinned: statement 1 of 2, line 1: ALTER TABLE notes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
        "0002_add_pinned: statement 2 of 2, line 2: CREATE INDEX notes_pinned ON notes (pinned)",
        "0002_add_pinned: took",
        "applying 0003_unique_bodies",
        "0003_unique_bodies: statement 1 of 2, line 2: CREATE TABLE labels (name TEXT PRIMARY KEY) STRICT",
        "0003_unique_bodies: statement 2 of 2, line 4: CREATE UNIQUE INDEX notes_body ON notes (body)",
        "0003_unique_bodies: took",
        "committed 0001_create_notes to 0003_unique_bodies",
        "at 0003",
    ];
    assert_eq!(said.take(), expected);

    notes_v3::MIGRATIONS.migrator().on_event(said.listener()).downgrade_to(&mut conn, Target::Empty).unwrap();
    let said = said.take();
    assert_eq!(said.first().map(String::as_str), Some("from 0003 to nothing: 3 migrations"));
    assert_eq!(said.last().map(String::as_str), Some("at nothing"));
    assert!(said.contains(&"undoing 0002_add_pinned".to_owned()));
}

#[test]
fn each_segment_is_told_when_it_is_permanent() {
    let database = Database::new();
    let path = database.path();
    let migrator = alone::MIGRATIONS.migrator().on_event(move |event| {
        if let Event::Committed { segment, .. } = event {
            let last = segment.steps().last().unwrap().number();
            let seen = Connection::open(&path).unwrap();
            assert_eq!(integer(&seen, "SELECT max(version) FROM _devilmcp_migrations"), last);
        }
    });
    let said = Said::default();
    migrator.on_event(said.listener()).upgrade(&mut database.open()).unwrap();
    let commits = said.take().into_iter().filter(|line| line.starts_with("committed"));
    let expected = ["committed 0001_logs", "committed 0002_compact", "committed 0003_wal", "committed 0004_levels"];
    assert_eq!(commits.collect::<Vec<_>>(), expected);

    let migrator = enforced::MIGRATIONS.migrator().on_event(said.listener());
    migrator.upgrade(&mut Connection::open_in_memory().unwrap()).unwrap();
    let started = said.take().into_iter().filter(|line| line.starts_with("from"));
    assert_eq!(started.collect::<Vec<_>>(), ["from nothing to 0005: 5 migrations"], "once, however many segments");
}

#[test]
fn a_start_that_changes_nothing_tells_nothing_and_reads_the_header_only() {
    let database = Database::new();
    notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let said = Said::default();
    let migrator = notes_v3::MIGRATIONS.migrator().on_event(said.listener());
    // How long it would wait is a setting of the connection's, and nothing of the file.
    let asked = asked_by(&mut database.open(), |conn| migrator.upgrade(conn).unwrap());
    assert_eq!(asked[..], [&["PRAGMA busy_timeout"], &HEADER_ONLY[..]].concat());
    database.open().execute_batch("VACUUM").unwrap();
    assert!(migrator.upgrade(&mut database.open()).unwrap().is_noop(), "the longer way");
    assert!(said.take().is_empty());
}

#[test]
fn what_was_begun_and_fails_is_told() {
    let mut conn = notes_v1::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch("INSERT INTO notes (body) VALUES ('twice'), ('twice')").unwrap();
    let said = Said::default();
    let error = notes_v3::MIGRATIONS.migrator().on_event(said.listener()).upgrade(&mut conn).unwrap_err();
    let said = said.take();
    assert_eq!(said[0], "from 0001 to 0003: 2 migrations");
    let [.., statement, failed] = said.as_slice() else { panic!("{said:?}") };
    assert!(statement.starts_with("0003_unique_bodies: statement 2 of 2, line 4"), "{statement}");
    assert_eq!(*failed, format!("failed: {error}"));
}

#[test]
fn what_is_refused_was_not_begun() {
    let mut conn = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    let said = Said::default();
    notes_v1::MIGRATIONS.migrator().on_event(said.listener()).upgrade(&mut conn).unwrap_err();
    conn.execute_batch("BEGIN").unwrap();
    stopped::MIGRATIONS.migrator().on_event(said.listener()).upgrade(&mut conn).unwrap_err();
    assert!(said.take().is_empty());
}

#[test]
fn a_listener_that_panics_rolls_the_run_back() {
    let mut conn = notes_v1::MIGRATIONS.open_in_memory().unwrap();
    let migrator = notes_v3::MIGRATIONS.migrator().on_event(|event| {
        assert!(!matches!(event, Event::Statement { line: 4, .. }), "meant to happen");
    });
    let run = std::panic::AssertUnwindSafe(|| migrator.upgrade(&mut conn));
    std::panic::catch_unwind(run).unwrap_err();
    assert!(conn.is_autocommit());
    assert_eq!(notes_v3::MIGRATIONS.status(&conn).unwrap().current(), Some(1));
    assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().done().len(), 2);
}

#[test]
fn a_listener_that_panics_outside_of_a_transaction_leaves_a_claim() {
    let mut conn = Connection::open_in_memory().unwrap();
    let migrator = alone::MIGRATIONS.migrator().on_event(|event| {
        assert!(!matches!(event, Event::Statement { step, .. } if step.number() == 2), "meant to happen");
    });
    let run = std::panic::AssertUnwindSafe(|| migrator.upgrade(&mut conn));
    std::panic::catch_unwind(run).unwrap_err();
    let status = alone::MIGRATIONS.status(&conn).unwrap();
    assert_eq!((status.current(), status.claim().map(Claim::number)), (Some(1), Some(2)));
    alone::MIGRATIONS.migrator().resolve(&mut conn, Resolution::NotApplied).unwrap();
    assert_eq!(alone::MIGRATIONS.upgrade(&mut conn).unwrap().done().len(), 3);
}

#[test]
fn a_long_statement_tells_that_it_goes_on_and_not_too_often() {
    let (said, cancel) = (Said::default(), Cancel::new());
    let mut conn = endless(Mode::Transaction);
    let started = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(900));
            cancel.cancel();
        });
        let migrator = notes_v1::MIGRATIONS.migrator().on_event(said.listener()).cancel_with(&cancel);
        migrator.downgrade_to(&mut conn, Target::Latest).unwrap_err();
    });
    let most = started.elapsed().as_millis() / 250;
    let told = said.take().iter().filter(|line| *line == "progress").count();
    assert!(told >= 1 && told as u128 <= most, "{told} of {most}");
}

#[test]
fn who_waits_tells_so_and_not_too_often() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let blocker = database.open();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let said = Said::default();
    let migrator = notes_v3::MIGRATIONS.migrator().on_event(said.listener());
    for (timeout, expected) in [(40, 0), (400, 1)] {
        let mut conn = database.open();
        conn.busy_timeout(Duration::from_millis(timeout)).unwrap();
        let started = Instant::now();
        let error = migrator.upgrade(&mut conn).unwrap_err();
        assert!(error.to_string().contains(&format!("busy timeout of {timeout} ms")), "{error}");
        assert!(started.elapsed() >= Duration::from_millis(timeout));
        assert_eq!(integer(&conn, "PRAGMA busy_timeout"), i64::try_from(timeout).unwrap());
        // A machine that is slow may have waited longer.
        let told = said.take();
        assert!(told.iter().all(|line| line == "waiting"), "{told:?}");
        assert!(told.len() >= expected && told.len() as u64 <= 1 + started.elapsed().as_secs());
    }
}

#[test]
fn a_listener_that_panics_under_sqlite_rolls_the_run_back_too() {
    let mut conn = endless(Mode::Transaction);
    let migrator = notes_v1::MIGRATIONS.migrator().on_event(|event| {
        assert!(!matches!(event, Event::Progress { .. }), "meant to happen");
    });
    let run = std::panic::AssertUnwindSafe(|| migrator.downgrade_to(&mut conn, Target::Latest));
    std::panic::catch_unwind(run).unwrap_err();
    assert!(conn.is_autocommit());
    assert_eq!(notes_v3::MIGRATIONS.status(&conn).unwrap().current(), Some(3));
}

/// What was heard, a line each; how long something took is not to be compared.
#[derive(Default, Clone)]
pub(crate) struct Said(Arc<Mutex<Vec<String>>>);

impl Said {
    pub(crate) fn listener(&self) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
        let heard = Arc::clone(&self.0);
        move |event| {
            let line = match event {
                Event::Progress { .. } => "progress".to_owned(),
                Event::Waiting { .. } => "waiting".to_owned(),
                Event::MigrationFinished { done, .. } => format!("{:04}_{}: took", done.number(), done.name()),
                other => other.to_string(),
            };
            heard.lock().unwrap().push(line);
        }
    }

    /// All of it, once.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
