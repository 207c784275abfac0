//! What is left where one was interrupted, and the way out.

use std::cell::{Cell, RefCell};
use std::ffi::c_int;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::hooks::Wal;
use devilmcp_migrate::rusqlite::{Connection, Result};
use devilmcp_migrate::{Action, Claim, Done, Error, ErrorKind, Resolution, Target};

use crate::programs::{alone, alone_first, alone_v1, stopped, stopped_first};
use crate::support::{Database, column, integer, texts};

#[test]
fn what_was_interrupted_is_refused_until_it_is_resolved() {
    for (found, left) in [(Resolution::Applied, vec![3, 4]), (Resolution::NotApplied, vec![2, 3, 4])] {
        let database = Database::new();
        interrupted(&database, Verb::Upgrade);
        let mut conn = database.open();
        conn.busy_timeout(Duration::from_millis(50)).unwrap();

        let started = Instant::now();
        let error = alone::MIGRATIONS.upgrade(&mut conn).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        assert!(started.elapsed() >= Duration::from_millis(50), "somebody may still be at it");
        for refused in [
            alone::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).map(|_| ()).unwrap_err(),
            alone::MIGRATIONS.plan(&conn, Target::Latest).map(|_| ()).unwrap_err(),
            alone_v1::MIGRATIONS.upgrade(&mut conn).map(|_| ()).unwrap_err(),
        ] {
            assert_eq!(refused.kind(), ErrorKind::Interrupted, "{refused}");
        }
        let status = alone::MIGRATIONS.status(&conn).unwrap();
        let claim = status.claim().unwrap();
        assert_eq!((claim.number(), claim.name(), claim.action()), (2, "compact", Action::Apply));
        assert_eq!(claim.process(), i64::from(std::process::id()));
        assert_eq!(claim.app_version(), Some(env!("CARGO_PKG_VERSION")));
        assert_eq!(status.refusal().map(Error::kind), Some(ErrorKind::Interrupted));
        assert_eq!((status.current(), status.is_latest(), status.drift().len()), (Some(1), false, 0));

        let report = alone::MIGRATIONS.migrator().resolve(&mut conn, found).unwrap();
        assert_eq!(report.to(), Some(if found == Resolution::Applied { 2 } else { 1 }));
        assert!(alone::MIGRATIONS.status(&conn).unwrap().claim().is_none());
        let report = alone::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!(report.done().iter().map(Done::number).collect::<Vec<_>>(), left);
        assert!(alone::MIGRATIONS.upgrade(&mut database.open_read_only()).unwrap().is_noop());
    }
}

#[test]
fn so_is_a_way_back() {
    for (found, at) in [(Resolution::Applied, 3), (Resolution::NotApplied, 2)] {
        let database = Database::new();
        let mut conn = database.open();
        alone::MIGRATIONS.upgrade_to(&mut conn, alone::Version::V0003Wal).unwrap();
        interrupted(&database, Verb::Downgrade);
        // The newest migration of this program is in the history, and still the header proves nothing.
        conn.busy_timeout(Duration::ZERO).unwrap();
        let error = alone::MIGRATIONS.upgrade_to(&mut conn, alone::Version::V0003Wal).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert_eq!(alone::MIGRATIONS.status(&conn).unwrap().claim().unwrap().action(), Action::Revert);
        assert_eq!(alone_v1::MIGRATIONS.migrator().resolve(&mut conn, found).unwrap().to(), Some(at));
        assert_eq!(alone::MIGRATIONS.status(&conn).unwrap().current(), Some(at));
        assert_eq!(alone::MIGRATIONS.upgrade(&mut conn).unwrap().to(), Some(4));
    }
}

#[test]
fn the_first_migration_is_no_exception() {
    for (found, at) in [(Resolution::Applied, Some(1)), (Resolution::NotApplied, None)] {
        let database = Database::new();
        let mut conn = database.open();
        refuse_commits(&conn, |commit| commit > 0);
        alone_first::MIGRATIONS.upgrade(&mut conn).unwrap_err();
        let mut conn = database.open();
        assert_eq!(alone_first::MIGRATIONS.status(&conn).unwrap().claim().map(Claim::number), Some(1));
        assert_eq!(alone_first::MIGRATIONS.migrator().resolve(&mut conn, found).unwrap().to(), at);
        let again = alone_first::MIGRATIONS.migrator().resolve(&mut conn, found).unwrap_err();
        assert_eq!(again.kind(), ErrorKind::NothingToResolve);
        assert_eq!(alone_first::MIGRATIONS.upgrade(&mut conn).unwrap().to(), Some(2));
        alone_first::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap();
        assert!(texts(&conn).is_empty());
    }
}

#[test]
fn a_statement_that_fails_first_leaves_no_claim() {
    let mut conn = twice();
    let before = (texts(&conn), integer(&conn, "PRAGMA user_version"));
    let error = stopped_first::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Apply);
    assert_eq!((texts(&conn), integer(&conn, "PRAGMA user_version")), before);
    conn.execute_batch("DELETE FROM logs WHERE id = 1").unwrap();
    assert_eq!(stopped_first::MIGRATIONS.upgrade(&mut conn).unwrap().done().len(), 1);
}

#[test]
fn one_that_fails_later_leaves_what_came_before_it_and_the_claim() {
    let mut conn = twice();
    let error = stopped::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Apply);
    assert_eq!(column(&conn, "SELECT name FROM sqlite_schema WHERE type = 'index'"), ["logs_id_line"]);
    assert!(stopped::MIGRATIONS.status(&conn).unwrap().claim().is_some());

    // Finished, or undone, by hand.
    conn.execute_batch("DELETE FROM logs WHERE id = 1; CREATE UNIQUE INDEX logs_line ON logs (line)").unwrap();
    let report = stopped::MIGRATIONS.migrator().resolve(&mut conn, Resolution::Applied).unwrap();
    assert_eq!((report.to(), report.drift().len()), (Some(2), 0));
    assert!(stopped::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
}

#[test]
fn who_does_not_know_the_migration_may_resolve_it() {
    let mut conn = twice();
    stopped::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    conn.execute_batch("DELETE FROM logs WHERE id = 1; CREATE UNIQUE INDEX logs_line ON logs (line)").unwrap();
    let report = alone_v1::MIGRATIONS.migrator().resolve(&mut conn, Resolution::Applied).unwrap();
    assert_eq!((report.to(), report.drift().len()), (Some(2), 0));
    let start = stopped::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert!(start.is_noop() && start.drift().is_empty());
    assert_eq!(alone_v1::MIGRATIONS.downgrade_to(&mut conn, Target::Latest).unwrap().to(), Some(1));
}

#[test]
fn one_that_has_to_wait_for_too_long_leaves_no_claim_either() {
    let database = Database::new();
    let mut conn = database.open();
    alone::MIGRATIONS.upgrade_to(&mut conn, alone::Version::V0003Wal).unwrap();
    conn.busy_timeout(Duration::from_millis(20)).unwrap();
    let reader = database.open();
    reader.execute_batch("BEGIN; SELECT * FROM logs").unwrap();
    let error = alone::MIGRATIONS.downgrade_to(&mut conn, alone::Version::V0001Logs).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    drop(reader);
    assert_eq!(alone::MIGRATIONS.downgrade_to(&mut conn, alone::Version::V0001Logs).unwrap().done().len(), 2);
}

#[test]
fn who_comes_while_another_is_at_it_waits() {
    let database = Database::new();
    interrupted(&database, Verb::Upgrade);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| alone::MIGRATIONS.upgrade(&mut database.open()).unwrap().done().len());
        thread::sleep(Duration::from_millis(100));
        alone::MIGRATIONS.migrator().resolve(&mut database.open(), Resolution::Applied).unwrap();
        assert_eq!(waiting.join().unwrap(), 2);
    });
}

#[derive(Clone, Copy)]
enum Verb {
    Upgrade,
    Downgrade,
}

/// Leaves the claim to the next migration that is run outside of a transaction, as if the process had died after that.
fn interrupted(database: &Database, verb: Verb) {
    let mut conn = database.open();
    let first = alone::Version::V0001Logs;
    if let Verb::Upgrade = verb {
        alone::MIGRATIONS.upgrade_to(&mut conn, first).unwrap();
    }
    // The first commit is that of the claim. None after it gets through, not even that which would take it back.
    refuse_commits(&conn, |commit| commit > 0);
    let outcome = match verb {
        Verb::Upgrade => alone::MIGRATIONS.upgrade(&mut conn),
        Verb::Downgrade => alone::MIGRATIONS.downgrade_to(&mut conn, first),
    };
    outcome.unwrap_err();
}

/// Lets no transaction be committed of which this is true; they are counted from 0.
pub(crate) fn refuse_commits(conn: &Connection, refused: fn(u32) -> bool) {
    let commits = Cell::new(0);
    conn.commit_hook(Some(move || refused(commits.replace(commits.get() + 1)))).unwrap();
}

/// With two rows that are alike.
pub(crate) fn twice() -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    conn.busy_timeout(Duration::ZERO).unwrap();
    alone_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    conn.execute_batch("INSERT INTO logs (line) VALUES ('twice'), ('twice')").unwrap();
    conn
}

/// What is said where somebody resolves a migration while it runs.
pub(crate) fn overruled() -> Error {
    thread_local! {
        static DATABASE: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
    }
    /// After the commit of the claim, once.
    fn meanwhile(_: &Wal, _: c_int) -> Result<()> {
        if let Some(path) = DATABASE.take() {
            let mut other = Connection::open(path)?;
            stopped_first::MIGRATIONS.migrator().resolve(&mut other, Resolution::NotApplied).unwrap();
        }
        Ok(())
    }
    let database = Database::new();
    let mut conn = database.open();
    conn.pragma_update(None, "journal_mode", "wal").unwrap();
    alone_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    DATABASE.set(Some(database.path()));
    conn.wal_hook(Some(meanwhile));
    let error = stopped_first::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(stopped_first::MIGRATIONS.status(&conn).unwrap().current(), Some(1));
    error
}
