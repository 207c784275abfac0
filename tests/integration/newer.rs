//! A program on a database that a newer one has migrated, as its caller wants it.

use devilmcp_migrate::{Action, ErrorKind, Migrations, Newer, Versioned};

use crate::programs::{
    alembic, alembic_v1, alone, alone_v1, branch_a, branch_b, enforced, enforced_v2, notes_edited, notes_irreversible,
    notes_v1, notes_v2, notes_v3,
};
use crate::support::{Database, column, integer, schema};

#[test]
fn unless_the_caller_says_otherwise_it_is_refused() {
    let database = migrated(&notes_v3::MIGRATIONS);
    let before = database.bytes();
    for migrator in [notes_v1::MIGRATIONS.migrator(), notes_v1::MIGRATIONS.migrator().newer(Newer::Refuse)] {
        assert_eq!(migrator.upgrade(&mut database.open()).unwrap_err().kind(), ErrorKind::Newer);
    }
    assert!(database.bytes() == before);
}

#[test]
fn accepted_it_is_left_as_it_is_and_the_report_says_so() {
    let database = migrated(&notes_v3::MIGRATIONS);
    let before = database.bytes();
    let migrator = notes_v1::MIGRATIONS.migrator().newer(Newer::Accept);
    for _ in 0..2 {
        let report = migrator.upgrade(&mut database.open()).unwrap();
        assert!(report.is_newer() && report.is_noop());
        assert_eq!((report.from(), report.to()), (Some(3), Some(3)));
    }
    assert!(migrator.plan_upgrade(&database.open(), notes_v1::Version::LATEST).unwrap().steps().is_empty());
    assert!(migrator.upgrade(&mut database.open_read_only()).unwrap().is_newer());
    assert!(database.bytes() == before);
    assert!(notes_v1::MIGRATIONS.status(&database.open()).unwrap().is_newer());
    // The newer program finds it as it has left it.
    let report = notes_v3::MIGRATIONS.migrator().newer(Newer::Accept).upgrade(&mut database.open()).unwrap();
    assert!(report.is_noop() && !report.is_newer());
}

#[test]
fn what_is_accepted_still_has_to_agree_with_what_the_program_knows() {
    let newer = migrated(&notes_irreversible::MIGRATIONS);
    let other = migrated(&branch_b::MIGRATIONS);
    for policy in [Newer::Accept, Newer::Downgrade] {
        let error = notes_edited::MIGRATIONS.migrator().newer(policy).upgrade(&mut newer.open()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Edited);
        let error = branch_a::MIGRATIONS.migrator().newer(policy).upgrade(&mut other.open()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Missing);
    }
}

#[test]
fn an_older_version_of_the_programs_own_is_never_what_is_meant() {
    let database = migrated(&notes_v3::MIGRATIONS);
    for policy in [Newer::Accept, Newer::Downgrade] {
        let migrator = notes_v2::MIGRATIONS.migrator().newer(policy);
        let error = migrator.upgrade_to(&mut database.open(), notes_v2::Version::V0001CreateNotes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongDirection);
    }
}

#[test]
fn it_is_taken_back_to_what_the_program_knows_and_the_rows_stay() {
    let database = migrated(&notes_v3::MIGRATIONS);
    let mut conn = database.open();
    conn.execute_batch("INSERT INTO notes (body, pinned) VALUES ('kept', 1)").unwrap();
    let migrator = notes_v1::MIGRATIONS.migrator().newer(Newer::Downgrade);
    let planned = migrator.plan_upgrade(&conn, notes_v1::Version::LATEST).unwrap();
    let report = migrator.upgrade(&mut conn).unwrap();
    let done: Vec<_> = report.done().iter().map(|done| (done.number(), done.action())).collect();
    assert_eq!(done, [(3, Action::Revert), (2, Action::Revert)]);
    assert_eq!(planned.steps().iter().map(|step| (step.number(), step.action())).collect::<Vec<_>>(), done);
    assert_eq!((report.from(), report.to(), report.is_newer()), (Some(3), Some(1), false));
    assert_eq!(schema(&conn), schema(&notes_v1::MIGRATIONS.open_in_memory().unwrap()));
    assert_eq!(column(&conn, "SELECT body FROM notes"), ["kept"]);
    assert!(migrator.upgrade(&mut conn).unwrap().is_noop());
    assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().done().len(), 2, "and up again");
    assert_eq!(column(&conn, "SELECT body FROM notes"), ["kept"]);
}

#[test]
fn one_that_has_no_way_back_stays_as_it_is() {
    let database = migrated(&notes_irreversible::MIGRATIONS);
    let before = database.bytes();
    let migrator = notes_v1::MIGRATIONS.migrator().newer(Newer::Downgrade);
    let error = migrator.upgrade(&mut database.open()).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Irreversible, "0003_merge_bodies is irreversible")
    );
    assert!(database.bytes() == before);
}

#[test]
fn what_was_there_before_the_newer_program_adopted_it_is_not_dropped() {
    // Alembic had come as far as the second migration, so that one was adopted, too.
    let was_there = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, email TEXT);
        CREATE INDEX users_name ON users (name);
        CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('bbb');";
    let database = Database::from_sql(was_there);
    alembic::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let before = database.bytes();
    let migrator = alembic_v1::MIGRATIONS.migrator().newer(Newer::Downgrade);
    let error = migrator.upgrade(&mut database.open()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BelowBaseline, "{error}");
    assert!(database.bytes() == before);
    let report = migrator.allow_below_baseline().upgrade(&mut database.open()).unwrap();
    assert_eq!((report.done().len(), report.to()), (2, Some(1)));
}

#[test]
fn each_way_back_is_gone_in_the_mode_that_the_newer_program_had_for_it() {
    let database = migrated(&alone::MIGRATIONS);
    database.open().execute_batch("INSERT INTO logs (line, level) VALUES ('kept', 3)").unwrap();
    let report = alone_v1::MIGRATIONS.migrator().newer(Newer::Downgrade).upgrade(&mut database.open()).unwrap();
    assert_eq!((report.done().len(), report.to()), (3, Some(1)));
    let conn = database.open();
    assert_eq!(column(&conn, "PRAGMA journal_mode"), ["delete"]);
    assert_eq!((integer(&conn, "PRAGMA page_size"), integer(&conn, "PRAGMA auto_vacuum")), (4096, 0));
    assert_eq!(column(&conn, "SELECT line FROM logs"), ["kept"]);

    let mut conn = enforced::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch(
        "PRAGMA foreign_keys = ON;
         INSERT INTO parents (id, name) VALUES (1, 'ann'), (2, 'nobody');
         INSERT INTO children (parent, name) VALUES (1, 'bob'), (2, 'eve');",
    )
    .unwrap();
    enforced_v2::MIGRATIONS.migrator().newer(Newer::Downgrade).upgrade(&mut conn).unwrap();
    // What that way back deletes takes its children along.
    assert_eq!(column(&conn, "SELECT name FROM children"), ["bob"]);
}

fn migrated<V: Versioned>(migrations: &Migrations<V>) -> Database {
    let database = Database::new();
    migrations.upgrade(&mut database.open()).unwrap();
    database
}
