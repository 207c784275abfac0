//! Migrations that say `no_transaction`: claimed, run, recorded.

mod interrupted;
mod processes;
mod waiting;

use std::fs;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Done, ErrorKind, Segment, Step, Target};

use crate::programs::{alone, alone_v1};
use crate::support::{Database, column, integer, texts};

pub(crate) use interrupted::{overruled, refuse_commits, twice};

#[test]
fn what_works_outside_of_a_transaction_only_is_done() {
    let database = Database::new();
    let mut conn = database.open();
    let report = alone::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!((report.from(), report.to(), report.done().len()), (None, Some(4), 4));
    assert_eq!(made(&conn), (8192, 2, "wal".to_owned()));
    assert_eq!(integer(&conn, "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%claim'"), 0);
    let start = alone::MIGRATIONS.upgrade(&mut database.open_read_only()).unwrap();
    assert!(start.is_noop() && start.drift().is_empty());

    alone::MIGRATIONS.downgrade_to(&mut conn, alone::Version::V0001Logs).unwrap();
    assert_eq!(made(&conn), (4096, 0, "delete".to_owned()));
    alone::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap();
    assert!(texts(&conn).is_empty());
}

#[test]
fn who_does_not_know_the_migration_undoes_it_likewise() {
    let database = Database::new();
    let mut conn = database.open();
    alone::MIGRATIONS.upgrade(&mut conn).unwrap();
    let report = alone_v1::MIGRATIONS.downgrade_to(&mut conn, Target::Latest).unwrap();
    assert_eq!(report.done().iter().map(Done::number).collect::<Vec<_>>(), [4, 3, 2]);
    assert_eq!(made(&conn), (4096, 0, "delete".to_owned()));
}

#[test]
fn a_plan_shows_what_is_not_atomic() {
    let plan = alone::MIGRATIONS.plan(&Connection::open_in_memory().unwrap(), Target::Latest).unwrap();
    let seen = plan.segments().map(|segment| (numbers(segment), segment.is_atomic()));
    let expected = [(vec![1], true), (vec![2], false), (vec![3], false), (vec![4], true)];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
}

#[test]
fn a_stored_way_back_reaches_nothing_outside_even_so() {
    for down in [
        "ATTACH ':memory:' AS a",
        "VACUUM INTO 'copy.db'",
        "VACUUM INTO (SELECT 'copy' || '.db')",
        "PRAGMA journal_mode = OFF",
        "PRAGMA main.journal_mode('memory')",
        "BEGIN",
        "SAVEPOINT a",
        "PRAGMA user_version = 1",
        "PRAGMA foreign_keys = ON",
        "DROP TABLE _devilmcp_migrations_claim",
    ] {
        let database = Database::new();
        let mut conn = database.open();
        alone::MIGRATIONS.upgrade_to(&mut conn, alone::Version::V0002Compact).unwrap();
        let down = down.replace("copy", &database.path().with_file_name("copy").display().to_string());
        let stored = format!("-- migrate: no_transaction\n{down}");
        conn.execute("UPDATE _devilmcp_migrations SET down = ?1 WHERE version = 2", [stored]).unwrap();
        let error = alone_v1::MIGRATIONS.downgrade_to(&mut conn, Target::Latest).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Apply, "{error}");
        assert!(format!("{error:?}").contains("a migration must not "), "{error:?}");
        assert_eq!(fs::read_dir(database.path().parent().unwrap()).unwrap().count(), 1, "{down}");
        let status = alone::MIGRATIONS.status(&conn).unwrap();
        assert_eq!((status.current(), status.claim()), (Some(2), None), "{down}");
    }
}

/// What the migrations make that is not schema: page size, mode of vacuum, journal.
fn made(conn: &Connection) -> (i64, i64, String) {
    let journal = column(conn, "PRAGMA journal_mode").concat();
    (integer(conn, "PRAGMA page_size"), integer(conn, "PRAGMA auto_vacuum"), journal)
}

fn numbers(segment: Segment<'_>) -> Vec<i64> {
    segment.steps().iter().map(Step::number).collect()
}
