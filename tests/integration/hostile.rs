//! Databases that an enemy has made: one clear error, in bounded time, and nothing that he wanted.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::{Connection, params};
use devilmcp_migrate::{Cancel, Drift, Error, ErrorKind, Target};
use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::name::Number;

use crate::panics::without_panics;
use crate::programs::notes_irreversible::{self, Version};
use crate::programs::{notes_v1, notes_v3};
use crate::support::{Database, integer, sentences};

/// What the columns of the history table are called.
const COLUMNS: &str =
    "version, name, digest, history, down, applied_at, duration_us, app_version, schema_cookie, adopted";

#[test]
fn a_history_that_would_never_end_is_not_read() {
    let database = Database::from_sql(&format!(
        "CREATE VIEW endless ({COLUMNS}) AS
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, i, i, i, i, i, i, i, i, i FROM n;
         CREATE VIRTUAL TABLE _devilmcp_migrations USING fts5 ({COLUMNS}, content = endless, content_rowid = version)"
    ));
    refused(&database, "it is no ordinary table", &VERBS);
}

#[test]
fn a_claim_that_would_never_end_is_not_read() {
    let columns = "token, action, process, since, version, name, digest, history, down, app_version";
    let database = Database::from_sql(&format!(
        "CREATE VIEW endless ({columns}) AS
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, i, i, i, i, i, i, i, i, i FROM n
             WHERE i < 0;
         CREATE VIRTUAL TABLE _devilmcp_migrations_claim USING fts5 ({columns}, content = endless, content_rowid = version)"
    ));
    // What asks for the version only does not look for a claim.
    refused(&database, "it is no ordinary table", &VERBS[1..]);
}

#[test]
fn a_trigger_on_the_history_is_not_fired() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    database
        .open()
        .execute_batch("CREATE TRIGGER spoil AFTER INSERT ON _devilmcp_migrations BEGIN DELETE FROM notes; END")
        .unwrap();
    refused(&database, "the trigger spoil stands on it", &VERBS);
}

#[test]
fn a_history_of_more_rows_than_any_has_is_not_read() {
    let database = Database::new();
    let mut conn = database.open();
    notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    let last: Vec<u8> = conn.query_row("SELECT history FROM _devilmcp_migrations", [], |row| row.get(0)).unwrap();
    let mut history = Digest::from_slice(&last).unwrap();
    let digest = Digest::of_text("SELECT 1");
    let transaction = conn.transaction().unwrap();
    let mut insert = transaction
        .prepare("INSERT INTO _devilmcp_migrations VALUES (?1, 'a', ?2, ?3, 'x', 'x', 1, 'x', 1, 0)")
        .unwrap();
    for version in 2..=100_001 {
        history = history.then(Number::new(version).unwrap(), "a", digest);
        insert.execute(params![version, digest.0, history.0]).unwrap();
    }
    drop(insert);
    transaction.commit().unwrap();
    refused(&database, "it has more than 100000 rows", &VERBS);
}

#[test]
fn what_is_said_of_his_names_commands_no_terminal() {
    const NAME: &str = "a\u{1b}[2J\u{9b}31m\r\n\u{7}\u{202e}\u{2066}\u{7f}";
    let tame = |text: String| {
        let obeyed = |letter: char| letter.is_control() || "\u{202e}\u{2066}".contains(letter);
        assert!(text.contains("[2J") && !text.contains(obeyed), "{text:?}");
    };
    let database = Database::new();
    let mut conn = database.open();
    notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap();
    conn.execute_batch(&format!(
        "PRAGMA foreign_keys = OFF; CREATE TABLE \"{NAME}\" (a REFERENCES notes); INSERT INTO \"{NAME}\" VALUES (9)"
    ))
    .unwrap();
    let report = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap();
    tame(report.drift()[0].to_string());
    let refused = notes_v3::MIGRATIONS.migrator().drift(Drift::Refuse).upgrade(&mut conn).unwrap_err();
    tame(refused.to_string());
    tame(format!("{refused:?}"));
    let report =
        notes_v3::MIGRATIONS.downgrade_to(&mut conn, Target::Version(notes_v3::Version::V0001CreateNotes)).unwrap();
    tame(report.violations()[0].to_string());
    conn.execute("UPDATE _devilmcp_migrations SET name = ?1", [NAME]).unwrap();
    let error = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    tame(format!("{error:?}"));
    conn.execute_batch(&format!("CREATE TRIGGER \"{NAME}\" AFTER INSERT ON _devilmcp_migrations BEGIN SELECT 1; END"))
        .unwrap();
    tame(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err().to_string());
}

/// rusqlite hands names to its authorizer as text, and panics if they are none.
#[test]
fn names_that_are_no_text_are_refused_before_anybody_trips_over_them() {
    let name = "CAST(x'6e6fff746573' AS TEXT)";
    for (what, schema) in [
        ("table", format!("'CREATE TABLE \"' || {name} || '\" (a)'")),
        ("column", format!("'CREATE TABLE added (\"' || {name} || '\", a REFERENCES notes)'")),
        ("index", format!("'CREATE INDEX \"' || {name} || '\" ON notes (body)'")),
        ("trigger", format!("'CREATE TRIGGER \"' || {name} || '\" AFTER UPDATE ON notes BEGIN SELECT 1; END'")),
        ("view", format!("'CREATE VIEW \"' || {name} || '\" AS SELECT * FROM notes'")),
    ] {
        let database = Database::new();
        let conn = database.open();
        notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        // SQLite takes it, if it is not asked to make it out of a text of ours.
        let sql: Vec<u8> = conn.query_row(&format!("SELECT CAST({schema} AS BLOB)"), [], |row| row.get(0)).unwrap();
        execute_bytes(&conn, &sql);
        drop(conn);
        let outcomes = without_panics(what, || {
            let mut conn = database.open();
            let upgraded = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
            let downgraded = notes_v1::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap_err();
            [upgraded, downgraded, notes_v3::MIGRATIONS.status(&conn).unwrap_err()]
        });
        for error in outcomes {
            assert_eq!(error.kind(), ErrorKind::NotADatabase, "{what}: {error:?}");
            assert!(format!("{error:?}").ends_with("a name or text in its schema is not UTF-8"), "{what}: {error:?}");
        }
    }
}

#[test]
fn a_trigger_of_his_reaches_neither_outside_nor_the_history() {
    for (theft, answer) in [
        ("SELECT load_extension('thief')", "a migration must not reach outside its database"),
        ("DELETE FROM _devilmcp_migrations", "a migration must not touch the history table"),
    ] {
        let database = Database::new();
        let mut conn = database.open();
        notes_irreversible::MIGRATIONS.upgrade_to(&mut conn, Version::V0002AddPinned).unwrap();
        conn.execute_batch("INSERT INTO notes (body) VALUES ('mine')").unwrap();
        conn.execute_batch(&format!("CREATE TRIGGER thief AFTER DELETE ON notes BEGIN {theft}; END")).unwrap();
        drop(conn);
        let before = database.bytes();
        let error = bounded(&database, |conn| notes_irreversible::MIGRATIONS.upgrade(conn).map(drop)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Apply, "{error:?}");
        assert!(format!("{error:?}").ends_with(answer), "{error:?}");
        assert!(database.bytes() == before);
        assert_eq!(files(database.path().parent().unwrap()), ["test.db"]);
    }
}

#[test]
fn a_trigger_of_his_without_an_end_is_ended_by_a_cancel() {
    let database = with_an_endless_trigger();
    let before = database.bytes();
    let mut conn = database.open();
    let (cancel, started) = (Cancel::new(), Instant::now());
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            cancel.cancel();
        });
        notes_irreversible::MIGRATIONS.migrator().cancel_with(&cancel).upgrade(&mut conn).unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error:?}");
    assert!(error.to_string().ends_with("0003_merge_bodies, line 2, and everything was rolled back"), "{error}");
    assert!(started.elapsed() >= Duration::from_millis(200), "it had an end");
    assert!(conn.is_autocommit() && database.bytes() == before);
    conn.execute_batch("DROP TRIGGER endless").unwrap();
    assert_eq!(notes_irreversible::MIGRATIONS.upgrade(&mut conn).unwrap().done().len(), 2);
}

#[test]
fn where_drift_is_refused_no_trigger_of_his_is_fired() {
    for is_hidden in [false, true] {
        let database = with_an_endless_trigger();
        if is_hidden {
            // Whoever writes the file can let the cookie say that nothing has changed.
            let conn = database.open();
            let noted = integer(&conn, "SELECT schema_cookie FROM _devilmcp_migrations ORDER BY version DESC LIMIT 1");
            conn.execute_batch(&format!("PRAGMA schema_version = {noted}")).unwrap();
        }
        let before = database.bytes();
        let migrator = notes_irreversible::MIGRATIONS.migrator().drift(Drift::Refuse);
        for error in [
            bounded(&database, |conn| migrator.upgrade(conn).map(drop)).unwrap_err(),
            bounded(&database, |conn| migrator.downgrade_to(conn, Target::Empty).map(drop)).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Drift, "{error:?}");
            assert_eq!(sentences(error.differences()), ["trigger `endless` is not expected"]);
        }
        assert!(database.bytes() == before);
    }
}

#[test]
fn a_schema_that_sqlite_cannot_read_is_one_clear_error() {
    for tampering in [
        "UPDATE sqlite_master SET sql = 'CREATE TABLE notes ('",
        "UPDATE sqlite_master SET sql = NULL",
        "UPDATE sqlite_master SET type = 'index' WHERE name = 'notes'",
        "UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'notes'",
        "UPDATE sqlite_master SET rootpage = 1 WHERE name = '_devilmcp_migrations'",
        "UPDATE sqlite_master SET name = '_devilmcp_migrations'",
        "INSERT INTO sqlite_master SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master",
    ] {
        let database = Database::new();
        notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        database.open().execute_batch(&format!("PRAGMA writable_schema = ON; {tampering}")).unwrap();
        for act in &VERBS[2..] {
            let before = database.bytes();
            let error = bounded(&database, act).expect_err(tampering);
            let expected = [ErrorKind::NotADatabase, ErrorKind::History, ErrorKind::Apply, ErrorKind::Sqlite];
            assert!(expected.contains(&error.kind()), "{tampering}: {error:?}");
            assert!(database.bytes() == before, "{tampering}");
        }
    }
}

/// A database before a migration that deletes rows of `notes`, where somebody has put a trigger on that.
fn with_an_endless_trigger() -> Database {
    let database = Database::new();
    let mut conn = database.open();
    notes_irreversible::MIGRATIONS.upgrade_to(&mut conn, Version::V0002AddPinned).unwrap();
    conn.execute_batch(
        "INSERT INTO notes (body) VALUES ('twice'), ('twice');
         CREATE TRIGGER endless AFTER DELETE ON notes BEGIN
             SELECT count(*) FROM (
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n
             );
         END",
    )
    .unwrap();
    database
}

type Verb = fn(&mut Connection) -> Result<(), Error>;

const VERBS: [Verb; 4] = [
    |conn| notes_v3::MIGRATIONS.version(conn).map(drop),
    |conn| notes_v3::MIGRATIONS.plan(conn, Target::Latest).map(drop),
    |conn| notes_v3::MIGRATIONS.upgrade(conn).map(drop),
    |conn| notes_v3::MIGRATIONS.downgrade_to(conn, Target::Empty).map(drop),
];

/// All of these say the same, and nothing is changed.
#[track_caller]
fn refused(database: &Database, reason: &str, verbs: &[Verb]) {
    let before = database.bytes();
    for (at, verb) in verbs.iter().enumerate() {
        let error = bounded(database, verb).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::History, "{at}: {error:?}");
        assert!(error.to_string().ends_with(reason), "{at}: {error}");
    }
    assert!(database.bytes() == before);
}

/// Fails the test instead of going on for ever.
fn bounded(database: &Database, act: impl FnOnce(&mut Connection) -> Result<(), Error>) -> Result<(), Error> {
    let mut conn = database.open();
    let spent = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&spent);
    let mut left = 5_000;
    conn.progress_handler(
        10_000,
        Some(move || {
            left -= 1;
            seen.fetch_or(left <= 0, Ordering::Relaxed)
        }),
    )
    .unwrap();
    let outcome = without_panics("bounded", || act(&mut conn));
    assert!(!spent.load(Ordering::Relaxed), "it would have gone on: {outcome:?}");
    outcome
}

/// Runs a statement that is no text.
fn execute_bytes(conn: &Connection, sql: &[u8]) {
    // A new entry of the schema takes any bytes.
    conn.execute_batch("PRAGMA writable_schema = ON").unwrap();
    let kind = String::from_utf8_lossy(sql).split(' ').nth(1).unwrap().to_ascii_lowercase();
    let root = if ["table", "index"].contains(&kind.as_str()) {
        conn.execute_batch("CREATE TABLE spare (a, b)").unwrap();
        let root = integer(conn, "SELECT rootpage FROM sqlite_master WHERE name = 'spare'");
        conn.execute("DELETE FROM sqlite_master WHERE name = 'spare'", []).unwrap();
        root
    } else {
        0
    };
    let quoted: Vec<&[u8]> = sql.split(|byte| *byte == b'"').collect();
    let named = if sql.starts_with(b"CREATE TABLE added") { &b"added"[..] } else { quoted[1] };
    let of = if kind == "index" || kind == "trigger" { &b"notes"[..] } else { named };
    conn.execute(
        "INSERT INTO sqlite_master VALUES (?1, CAST(?2 AS TEXT), CAST(?3 AS TEXT), ?4, CAST(?5 AS TEXT))",
        params![kind, named, of, root, sql],
    )
    .unwrap();
    let cookie = integer(conn, "PRAGMA schema_version");
    conn.execute_batch(&format!("PRAGMA schema_version = {}; PRAGMA writable_schema = OFF", cookie + 1)).unwrap();
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
