//! The way up.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Action, ErrorKind, Plan, Report, Target};

use crate::programs::{careless, devilmcp, library, notes_irreversible, notes_v1, notes_v2, notes_v3};
use crate::support::{Database, column, integer, schema, texts};

#[test]
fn a_fresh_database_is_brought_to_the_newest_version() {
    let database = Database::new();
    let mut conn = database.open();
    let report = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!((report.from(), report.to(), report.is_noop()), (None, Some(3), false));
    assert_eq!(done(&report), [(1, "create_notes"), (2, "add_pinned"), (3, "unique_bodies")]);
    assert!(report.done().iter().all(|done| done.action() == Action::Apply && !done.duration().is_zero()));
    assert!(report.violations().is_empty() && report.drift().is_empty());
    assert_eq!(notes_v3::MIGRATIONS.version(&conn).unwrap(), Some(notes_v3::Version::LATEST));
}

#[test]
fn the_history_tells_what_was_applied_and_how_to_undo_it() {
    let conn = notes_irreversible::MIGRATIONS.open_in_memory().unwrap();
    let lines = column(
        &conn,
        "SELECT concat_ws(' ', version, name, length(digest), length(history), down IS NOT NULL, app_version, adopted)
         FROM _devilmcp_migrations",
    );
    let version = env!("CARGO_PKG_VERSION");
    let line = |start: &str, has_down: i64| format!("{start} 32 32 {has_down} {version} 0");
    assert_eq!(
        lines,
        [line("1 create_notes", 1), line("2 add_pinned", 1), line("3 merge_bodies", 0), line("4 add_labels", 1)]
    );
    let status = notes_irreversible::MIGRATIONS.status(&conn).unwrap();
    let [.., last] = status.applied() else { panic!("{status:?}") };
    assert_eq!(last.app_version(), Some(version));
    assert!(last.applied_at().starts_with("20") && last.applied_at().ends_with('Z') && last.applied_at().len() == 24);
    assert!(last.duration_us() > 0);
}

#[test]
fn an_upgrade_may_stop_early_and_go_on_later() {
    let mut conn = Connection::open_in_memory().unwrap();
    let report = notes_v3::MIGRATIONS.upgrade_to(&mut conn, notes_v3::Version::V0002AddPinned).unwrap();
    assert_eq!(done(&report), [(1, "create_notes"), (2, "add_pinned")]);
    assert_eq!(schema(&conn), schema(&notes_v2::MIGRATIONS.open_in_memory().unwrap()));
    let report = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!((report.from(), report.to()), (Some(2), Some(3)));
    assert_eq!(schema(&conn), schema(&notes_v3::MIGRATIONS.open_in_memory().unwrap()));
}

#[test]
fn a_target_behind_is_refused() {
    let mut conn = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    let error = notes_v3::MIGRATIONS.upgrade_to(&mut conn, notes_v3::Version::V0001CreateNotes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongDirection);
    assert_eq!(
        error.to_string(),
        "the database is at 0003_unique_bodies, beyond 0001_create_notes: downgrade leads there"
    );
    assert_eq!(
        notes_v3::MIGRATIONS.upgrade_to(&mut conn, Target::Empty).unwrap_err().kind(),
        ErrorKind::WrongDirection
    );
}

#[test]
fn a_migration_that_fails_leaves_nothing_of_those_before_it() {
    let database = Database::from_sql(
        "CREATE TABLE IF NOT EXISTS other (a); INSERT INTO other VALUES (1); PRAGMA user_version = 7; VACUUM;",
    );
    let mut conn = database.open();
    notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    conn.execute_batch("INSERT INTO notes (body) VALUES ('twice'), ('twice')").unwrap();
    let before = database.bytes();

    let error = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Apply);
    assert_eq!(
        error.to_string(),
        "migration 0003_unique_bodies failed at line 4, column 1, and everything was rolled back: \
         CREATE UNIQUE INDEX notes_body ON notes (body);"
    );
    assert!(conn.is_autocommit());
    drop(conn);
    assert!(database.bytes() == before);
    assert_eq!(integer(&database.open(), "PRAGMA user_version"), 7);
    assert_eq!(notes_v3::MIGRATIONS.status(&database.open()).unwrap().current(), Some(1));
}

#[test]
fn a_first_run_that_fails_leaves_an_empty_database() {
    // A view of that name is in the way of the last table.
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("CREATE VIEW labels AS SELECT 1").unwrap();
    let before = texts(&conn);
    notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!((texts(&conn), integer(&conn, "PRAGMA user_version")), (before, 0));
}

#[test]
fn the_plan_is_what_then_happens() {
    let mut conn = Connection::open_in_memory().unwrap();
    notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    let plan = notes_v3::MIGRATIONS.plan(&conn, Target::Latest).unwrap();
    assert_eq!(plan.current(), Some(1));
    assert_eq!(plan.steps()[0].sql(), include_str!("../fixtures/notes_v3/0002_add_pinned.sql"));
    assert_eq!(notes_v3::MIGRATIONS.status(&conn).unwrap().pending(), plan.steps());
    assert_eq!(steps(&plan), happened(&notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap()));
    assert!(notes_v3::MIGRATIONS.plan(&conn, Target::Latest).unwrap().steps().is_empty());

    let to = notes_v3::Version::V0001CreateNotes;
    let plan = notes_v3::MIGRATIONS.migrator().plan_downgrade(&conn, to).unwrap();
    assert_eq!(steps(&plan), [(3, Action::Revert), (2, Action::Revert)]);
    assert_eq!(steps(&plan), happened(&notes_v3::MIGRATIONS.downgrade_to(&mut conn, to).unwrap()));
}

#[test]
fn a_caller_inside_a_transaction_is_refused() {
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("BEGIN").unwrap();
    assert_eq!(notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap_err().kind(), ErrorKind::InTransaction);
    assert!(!conn.is_autocommit(), "the transaction is the caller's");
    conn.execute_batch("ROLLBACK").unwrap();
    notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
}

#[test]
fn the_setting_of_foreign_keys_is_the_callers_on_every_path() {
    for enforced in [0, 1] {
        let database = Database::new();
        let mut conn = database.open();
        conn.execute_batch(&format!("PRAGMA busy_timeout = 10; PRAGMA foreign_keys = {enforced}")).unwrap();
        let setting = |conn: &Connection| integer(conn, "PRAGMA foreign_keys");
        notes_v2::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!(setting(&conn), enforced, "after success");
        notes_v2::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!(setting(&conn), enforced, "after nothing");
        conn.execute_batch("INSERT INTO notes (body) VALUES ('twice'), ('twice')").unwrap();
        assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err().kind(), ErrorKind::Apply);
        assert_eq!(setting(&conn), enforced, "after a failure");
        let blocker = database.open();
        blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err().kind(), ErrorKind::Locked);
        assert_eq!(setting(&conn), enforced, "after a lock");
        blocker.execute_batch("ROLLBACK").unwrap();
        conn.execute_batch("BEGIN").unwrap();
        notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
        conn.execute_batch("ROLLBACK").unwrap();
        assert_eq!(setting(&conn), enforced, "after a refusal");
        notes_v2::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap();
        assert_eq!(setting(&conn), enforced, "after a downgrade");
    }
}

#[test]
fn settings_by_which_sql_means_something_else_are_as_at_compile_time_and_then_the_callers() {
    for callers in [0, 1] {
        let mut conn = Connection::open_in_memory().unwrap();
        let settings = ["legacy_alter_table", "recursive_triggers", "ignore_check_constraints"];
        let set = |conn: &Connection, to: i64| {
            let lines = settings.iter().map(|name| format!("PRAGMA {name} = {to};"));
            conn.execute_batch(&lines.collect::<String>()).unwrap();
        };
        let get = |conn: &Connection| settings.map(|name| integer(conn, &format!("PRAGMA {name}")));
        set(&conn, callers);
        // With `legacy_alter_table` on, a renamed table takes no view or trigger along: what was compiled was something else.
        library::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!(get(&conn), [callers; 3]);
        let mut conn = Connection::open_in_memory().unwrap();
        set(&conn, callers);
        careless::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!(get(&conn), [callers; 3], "set by a migration");
    }
}

#[test]
fn the_callers_own_user_version_stays() {
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("PRAGMA user_version = 42").unwrap();
    for _ in 0..2 {
        notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!(integer(&conn, "PRAGMA user_version"), 42);
    }
    notes_v3::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap();
    assert_eq!(integer(&conn, "PRAGMA user_version"), 42);
}

#[test]
fn a_rebuilt_parent_keeps_its_children() {
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    library::MIGRATIONS.upgrade_to(&mut conn, library::Version::V0001CreateLibrary).unwrap();
    conn.execute_batch("INSERT INTO authors VALUES (1, NULL); INSERT INTO books VALUES (1, 'Beowulf', 1);").unwrap();
    library::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!(column(&conn, "SELECT title || name FROM books JOIN authors ON authors.id = author_id"), ["Beowulf"]);
    library::MIGRATIONS.downgrade_to(&mut conn, library::Version::V0001CreateLibrary).unwrap();
    assert_eq!(integer(&conn, "SELECT count(*) FROM books"), 1);
    conn.execute_batch("DELETE FROM authors").unwrap();
    assert_eq!(integer(&conn, "SELECT count(*) FROM books"), 0, "enforced again");
}

#[test]
fn a_migration_that_needs_full_text_search_works() {
    let conn = devilmcp::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch(
        "INSERT INTO memories (category, content, tags) VALUES ('fact', 'water boils', '[\"kitchen\"]')",
    )
    .unwrap();
    assert_eq!(integer(&conn, "SELECT count(*) FROM memories_fts WHERE memories_fts MATCH 'kitchen'"), 1);
}

fn done(report: &Report) -> Vec<(i64, &str)> {
    report.done().iter().map(|done| (done.number(), done.name())).collect()
}

fn happened(report: &Report) -> Vec<(i64, Action)> {
    report.done().iter().map(|done| (done.number(), done.action())).collect()
}

fn steps(plan: &Plan) -> Vec<(i64, Action)> {
    plan.steps().iter().map(|step| (step.number(), step.action())).collect()
}
