//! Migrations that say `foreign_keys(on)`: a run of several transactions, and what is between them.

use std::cell::RefCell;
use std::path::PathBuf;
use std::thread;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{ErrorKind, Plan, Target};

use crate::programs::{enforced, enforced_v2};
use crate::support::{Database, column, integer, texts};

/// One who stays, one who goes, one who is called nobody; each has a child.
const ROWS: &str = "
    INSERT INTO parents VALUES (1, 'ann', 0), (2, 'bob', 1), (3, 'nobody', 0);
    INSERT INTO children VALUES (1, 1, 'anna'), (2, 2, 'bobby'), (3, 3, 'no one');";

#[test]
fn rows_go_with_those_they_refer_to_and_the_connection_is_as_it_was() {
    for foreign_keys in [0, 1] {
        let mut conn = families();
        conn.pragma_update(None, "foreign_keys", foreign_keys).unwrap();
        let report = enforced::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!((report.from(), report.to(), report.done().len()), (Some(2), Some(5), 3));
        assert_eq!(column(&conn, "SELECT name FROM children"), ["anna", "no one"]);
        assert!(report.violations().is_empty() && report.drift().is_empty());
        assert_eq!(integer(&conn, "PRAGMA foreign_keys"), foreign_keys);
        assert!(enforced::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
    }
}

#[test]
fn a_plan_shows_its_transactions() {
    let mut conn = Connection::open_in_memory().unwrap();
    let seen = |plan: &Plan| -> Vec<(Vec<i64>, bool)> {
        let numbers = |steps: &[devilmcp_migrate::Step]| steps.iter().map(devilmcp_migrate::Step::number).collect();
        plan.segments().map(|segment| (numbers(segment.steps()), segment.enforces_foreign_keys())).collect()
    };
    let up = seen(&enforced::MIGRATIONS.plan(&conn, Target::Latest).unwrap());
    assert_eq!(up, [(vec![1, 2], false), (vec![3, 4], true), (vec![5], false)]);
    assert_eq!(enforced::MIGRATIONS.status(&conn).unwrap().segments().count(), 3);

    enforced::MIGRATIONS.upgrade(&mut conn).unwrap();
    let down = seen(&enforced::MIGRATIONS.migrator().plan_downgrade(&conn, Target::Empty).unwrap());
    assert_eq!(down, [(vec![5], false), (vec![4, 3], true), (vec![2, 1], false)]);
    assert_eq!(enforced::MIGRATIONS.plan(&conn, Target::Latest).unwrap().segments().count(), 0);
}

#[test]
fn what_fails_leaves_what_the_transaction_before_has_left() {
    let mut conn = families();
    conn.execute_batch("ALTER TABLE children ADD COLUMN nickname TEXT").unwrap();
    let error = enforced::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Apply);
    assert!(error.sqlite_error().is_some());
    assert!(error.to_string().starts_with("the run came as far as 0004_still_enforced"), "{error}");
    assert_eq!(enforced::MIGRATIONS.version(&conn).unwrap(), Some(enforced::Version::V0004StillEnforced));
    assert_eq!(column(&conn, "SELECT name FROM children"), ["anna", "no one"]);

    conn.execute_batch("ALTER TABLE children DROP COLUMN nickname").unwrap();
    let report = enforced::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!((report.done().len(), report.drift().len()), (1, 0));
}

#[test]
fn what_fails_first_leaves_nothing() {
    let mut conn = families();
    conn.execute_batch("CREATE VIEW hosts AS SELECT 1").unwrap();
    let before = (texts(&conn), integer(&conn, "PRAGMA user_version"));
    let error = enforced::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert!(error.to_string().starts_with("migration 0004_still_enforced failed"), "{error}");
    assert_eq!((texts(&conn), integer(&conn, "PRAGMA user_version")), before);
    assert_eq!(integer(&conn, "SELECT count(*) FROM children"), 3);
}

/// Whatever comes between two transactions of a run, the header says which history the database has.
#[test]
fn a_start_after_any_transaction_goes_on_from_there() {
    let database = Database::new();
    for version in [enforced::Version::V0002Gone, enforced::Version::V0004StillEnforced] {
        enforced::MIGRATIONS.upgrade_to(&mut database.open(), version).unwrap();
        let status = enforced::MIGRATIONS.status(&database.open()).unwrap();
        assert_eq!((status.current(), status.drift().len()), (Some(version.number()), 0));
    }
    assert_eq!(enforced::MIGRATIONS.upgrade(&mut database.open()).unwrap().done().len(), 1);
}

#[test]
fn a_way_back_is_gone_with_foreign_keys_enforced_even_by_who_does_not_know_the_migration() {
    let own = |conn: &mut Connection| {
        enforced::MIGRATIONS.downgrade_to(conn, enforced::Version::V0002Gone).unwrap();
    };
    let stored = |conn: &mut Connection| {
        enforced_v2::MIGRATIONS.downgrade_to(conn, Target::Latest).unwrap();
    };
    for down in [own as fn(&mut Connection), stored] {
        let mut conn = families();
        enforced::MIGRATIONS.upgrade(&mut conn).unwrap();
        down(&mut conn);
        assert_eq!(column(&conn, "SELECT name FROM children"), ["anna"]);
        assert!(enforced_v2::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
    }
}

#[test]
fn who_goes_on_after_another_begins_where_that_one_ended() {
    thread_local! {
        static BLOCKER: RefCell<Option<(Connection, PathBuf)>> = const { RefCell::new(None) };
    }
    /// Lets go of the lock that the run waits for, after which another process is faster.
    fn meanwhile(_: i32) -> bool {
        let (blocker, path) = BLOCKER.take().unwrap();
        blocker.execute_batch("ROLLBACK").unwrap();
        enforced::MIGRATIONS
            .upgrade_to(&mut Connection::open(path).unwrap(), enforced::Version::V0003WithoutTheGone)
            .unwrap();
        true
    }
    let database = Database::new();
    let mut conn = database.open();
    let blocker = database.open();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    BLOCKER.set(Some((blocker, database.path())));
    conn.busy_handler(Some(meanwhile)).unwrap();
    let report = enforced::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!((report.from(), report.to(), report.done().len()), (Some(3), Some(5), 2));
}

#[test]
fn those_who_start_at_once_share_the_work() {
    for _ in 0..20 {
        let database = Database::new();
        let start = || enforced::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        let mut done: Vec<i64> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
            let reports = threads.into_iter().map(|thread| thread.join().unwrap());
            reports
                .flat_map(|report| report.done().iter().map(devilmcp_migrate::Done::number).collect::<Vec<_>>())
                .collect()
        });
        done.sort_unstable();
        assert_eq!(done, [1, 2, 3, 4, 5]);
        assert!(enforced::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
    }
}

#[test]
fn violations_from_before_stay_and_are_reported() {
    let mut conn = families();
    conn.execute_batch("PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (9, 99, 'lost')").unwrap();
    let report = enforced::MIGRATIONS.upgrade(&mut conn).unwrap();
    let violations: Vec<String> = report.violations().iter().map(ToString::to_string).collect();
    assert_eq!(violations, ["children: the row with parent = 99 (rowid 9) has no parent in parents"]);
}

/// At the version before the first transaction with foreign keys.
fn families() -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    enforced::MIGRATIONS.upgrade_to(&mut conn, enforced::Version::V0002Gone).unwrap();
    conn.execute_batch(ROWS).unwrap();
    conn
}
