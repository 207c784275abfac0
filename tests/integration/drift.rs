//! A schema that somebody has changed by hand, as the caller wants it dealt with.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use devilmcp_migrate::{Drift, ErrorKind, Target};

use crate::programs::{alone, notes_v1, notes_v2, notes_v3};
use crate::support::{Database, integer, sentences};

const BY_HAND: &str = "CREATE INDEX by_hand ON notes (body, id)";

/// The migration does to it what it should do to the other, and the schema is not what was proved.
#[test]
fn a_temporary_table_that_stands_for_one_of_the_migrations_does_not_go_unnoticed() {
    let mut conn = Connection::open_in_memory().unwrap();
    notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    conn.execute_batch("CREATE TEMP TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL)").unwrap();
    let report = notes_v2::MIGRATIONS.upgrade(&mut conn).unwrap();
    let missing = ["table `notes`: column `pinned` is missing", "index `notes_pinned` is missing"];
    assert_eq!((report.done().len(), sentences(report.drift())), (1, missing.map(str::to_owned).to_vec()));
    assert_eq!(notes_v2::MIGRATIONS.upgrade(&mut conn).unwrap().drift(), report.drift());
}

#[test]
fn every_difference_says_what_is_about_what_is_expected_and_what_was_found() {
    let base = "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL, pinned INTEGER NOT NULL DEFAULT 0)";
    let rebuilt =
        |definition: &str| format!("DROP TABLE notes; {definition}; CREATE INDEX notes_pinned ON notes (pinned)");
    let with = |from: &str, to: &str| rebuilt(&base.replace(from, to));
    for (change, facts) in [
        (BY_HAND.to_owned(), ["index", "by_hand", "", "", "INDEX ON notes (body, id)"]),
        ("DROP INDEX notes_pinned".to_owned(), ["index", "notes_pinned", "", "INDEX ON notes (pinned)", ""]),
        (
            "DROP INDEX notes_pinned; CREATE INDEX notes_pinned ON notes (body) WHERE pinned".to_owned(),
            ["index", "notes_pinned", "", "INDEX ON notes (pinned)", "INDEX ON notes (body) WHERE pinned"],
        ),
        ("ALTER TABLE notes ADD COLUMN extra TEXT".to_owned(), ["table", "notes", "extra", "", "TEXT"]),
        (with(", body TEXT NOT NULL", ""), ["table", "notes", "body", "TEXT NOT NULL", ""]),
        (with("body TEXT", "body BLOB"), ["table", "notes", "body", "TEXT NOT NULL", "BLOB NOT NULL"]),
        (
            with(
                "body TEXT NOT NULL, pinned INTEGER NOT NULL DEFAULT 0",
                "pinned INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL",
            ),
            ["table", "notes", "", "id, body, pinned", "id, pinned, body"],
        ),
        (with("DEFAULT 0", "DEFAULT 0 CHECK (pinned < 2)"), ["table", "notes", "", "", "CHECK (pinned < 2)"]),
        (rebuilt(&format!("{base} STRICT")), ["table", "notes", "", "", "STRICT"]),
        ("CREATE TABLE extra (a, b)".to_owned(), ["table", "extra", "", "", "a table of 2 columns"]),
        ("DROP TABLE notes".to_owned(), ["table", "notes", "", "a table of 3 columns", ""]),
        ("DROP TABLE notes; CREATE VIEW notes AS SELECT 1".to_owned(), ["table", "notes", "", "a table", "a view"]),
        ("CREATE VIEW v AS SELECT 1".to_owned(), ["view", "v", "", "", "create view v as select 1"]),
        (
            "CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END".to_owned(),
            ["trigger", "t", "", "", "create trigger t after insert on notes begin select 1 ; end"],
        ),
    ] {
        let mut conn = notes_v2::MIGRATIONS.open_in_memory().unwrap();
        conn.execute_batch(&change).unwrap();
        let status = notes_v2::MIGRATIONS.status(&conn).unwrap();
        // Where the table is gone, so is its index.
        let found = &status.drift()[0];
        assert_eq!(status.drift().len(), if facts[3].starts_with("a table") { 2 } else { 1 }, "{change}");
        let [expected, there] = [found.expected(), found.found()].map(Option::unwrap_or_default);
        let seen = [found.object(), found.name(), found.column().unwrap_or_default(), &expected, &there];
        assert_eq!(seen, facts, "{change}");
        assert!(found.to_string().contains(found.name()), "{found}");
        assert_eq!(notes_v2::MIGRATIONS.upgrade(&mut conn).unwrap().drift(), status.drift());
    }
}

#[test]
fn a_start_that_is_to_refuse_drift_lists_it_and_changes_nothing() {
    for (is_pending, change) in [(false, BY_HAND), (true, "DROP INDEX notes_pinned; CREATE TABLE extra (a)")] {
        let database = Database::new();
        notes_v2::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        database.open().execute_batch(change).unwrap();
        let before = database.bytes();
        let (kind, found) = if is_pending {
            let migrator = notes_v3::MIGRATIONS.migrator().drift(Drift::Refuse);
            assert!(migrator.plan_upgrade(&database.open(), Target::Latest).is_err());
            let error = migrator.upgrade(&mut database.open()).unwrap_err();
            (error.kind(), sentences(error.differences()))
        } else {
            let error = notes_v2::MIGRATIONS.migrator().drift(Drift::Refuse).upgrade(&mut database.open()).unwrap_err();
            (error.kind(), sentences(error.differences()))
        };
        assert_eq!(kind, ErrorKind::Drift);
        assert_eq!(found.len(), change.split(';').count(), "{found:?}");
        assert!(database.bytes() == before);
    }
}

#[test]
fn drift_that_shows_only_after_the_run_rolls_it_back() {
    let database = Database::from_sql("CREATE TABLE extra (a)");
    let before = database.bytes();
    let migrator = notes_v3::MIGRATIONS.migrator().drift(Drift::Refuse);
    let error = migrator.upgrade(&mut database.open()).unwrap_err();
    assert_eq!(sentences(error.differences()), ["table `extra` is not expected"]);
    assert!(error.to_string().contains("everything was rolled back"), "{error}");
    assert!(database.bytes() == before);

    // What a newer program has made is not known, but what remains of it is.
    let database = Database::new();
    notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    database.open().execute_batch(BY_HAND).unwrap();
    let before = database.bytes();
    let migrator = notes_v1::MIGRATIONS.migrator().drift(Drift::Refuse);
    let error = migrator.downgrade_to(&mut database.open(), Target::Latest).unwrap_err();
    assert_eq!((error.kind(), error.differences().len()), (ErrorKind::Drift, 1));
    assert!(database.bytes() == before);
}

#[test]
fn what_only_looks_like_drift_is_not_refused() {
    for mover in [
        "VACUUM",
        "CREATE TABLE t (a); DROP TABLE t",
        "PRAGMA user_version = 0",
        "ANALYZE",
        // As Litestream does in every database that it replicates.
        "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER); CREATE TABLE _litestream_lock (id INTEGER)",
    ] {
        let database = Database::new();
        notes_v2::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        database.open().execute_batch(mover).unwrap();
        let migrator = notes_v2::MIGRATIONS.migrator().drift(Drift::Refuse);
        assert!(migrator.upgrade(&mut database.open()).unwrap().is_noop(), "{mover}");
        let migrator = notes_v3::MIGRATIONS.migrator().drift(Drift::Refuse);
        assert_eq!(migrator.upgrade(&mut database.open()).unwrap().done().len(), 1, "{mover}");
    }
}

#[test]
fn what_has_run_outside_of_a_transaction_is_recorded_whatever_it_leaves() {
    let database = Database::new();
    let migrator = alone::MIGRATIONS.migrator().drift(Drift::Refuse);
    migrator.upgrade(&mut database.open()).unwrap();
    assert!(migrator.upgrade(&mut database.open()).unwrap().is_noop());
    database.open().execute_batch("CREATE INDEX by_hand ON logs (line)").unwrap();
    assert_eq!(migrator.upgrade(&mut database.open()).unwrap_err().kind(), ErrorKind::Drift);
}

#[test]
fn ignored_it_is_not_looked_for() {
    let database = Database::new();
    let v2 = notes_v2::MIGRATIONS.migrator().drift(Drift::Ignore);
    let v3 = notes_v3::MIGRATIONS.migrator().drift(Drift::Ignore);
    assert_eq!(v2.upgrade(&mut database.open()).unwrap().done().len(), 2);
    database.open().execute_batch(BY_HAND).unwrap();
    for report in [v2.upgrade(&mut database.open()), v3.upgrade(&mut database.open()), v3.upgrade(&mut database.open())]
    {
        assert!(report.unwrap().drift().is_empty());
    }
    // Nobody has said that the schema is right: whoever asks is told, and so is who starts otherwise.
    assert_eq!(notes_v3::MIGRATIONS.status(&database.open()).unwrap().drift().len(), 1);
    assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap().drift().len(), 1);
}

#[test]
fn where_it_is_ignored_nothing_is_compared() {
    for (policy, is_compared) in [(Drift::Ignore, false), (Drift::Report, true), (Drift::Refuse, true)] {
        let database = Database::new();
        notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        database.open().execute_batch("VACUUM").unwrap();
        let mut conn = database.open();
        let read = reads_of_every_text(&conn);
        notes_v1::MIGRATIONS.migrator().drift(policy).upgrade(&mut conn).unwrap();
        assert_eq!(read.load(Ordering::SeqCst) > 0, is_compared, "{policy:?}");
    }
}

#[test]
fn a_fresh_database_is_known_by_its_header_even_where_drift_is_ignored() {
    let database = Database::new();
    notes_v1::MIGRATIONS.migrator().drift(Drift::Ignore).upgrade(&mut database.open()).unwrap();
    notes_v3::MIGRATIONS.migrator().drift(Drift::Ignore).upgrade(&mut database.open()).unwrap();
    let conn = database.open();
    let noted = integer(&conn, "SELECT schema_cookie FROM _devilmcp_migrations WHERE version = 3");
    assert_eq!(noted, integer(&conn, "PRAGMA schema_version"));

    let database = Database::from_sql("CREATE TABLE extra (a)");
    notes_v1::MIGRATIONS.migrator().drift(Drift::Ignore).upgrade(&mut database.open()).unwrap();
    assert_eq!(notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap().drift().len(), 1);
}

/// How often the column `sql` of the schema is read on this connection.
fn reads_of_every_text(conn: &Connection) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let hook = move |context: AuthContext<'_>| {
        if matches!(context.action, AuthAction::Read { table_name: "sqlite_master", column_name: "sql" }) {
            seen.fetch_add(1, Ordering::SeqCst);
        }
        Authorization::Allow
    };
    conn.authorizer(Some(hook)).unwrap();
    count
}
