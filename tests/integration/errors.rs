//! What every error says, each from a real situation.

use std::error::Error as _;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Backup, Drift, Error, ErrorKind, Hook, HookResult, Resolution, Target, restore};

use crate::awaited;
use crate::cancel;
use crate::fleet;
use crate::hooks::with;
use crate::no_transaction;
use crate::other_tools;
use crate::programs::{
    alembic, alone, branch_a, branch_b, deferred, devilmcp, enforced, notes_edited, notes_irreversible, notes_renamed,
    notes_squashed, notes_v1, notes_v2, notes_v3, orphans, orphans_made, orphans_mismatch, stale, stopped,
    stopped_first,
};
use crate::support::Database;

#[test]
fn every_error_says_what_is_wrong_and_with_what() {
    let mut said = String::new();
    for error in situations() {
        let _ = write!(said, "{:?}: {error}", error.kind());
        let mut cause = error.source();
        while let Some(source) = cause {
            let _ = write!(said, "\n    from: {source}");
            cause = source.source();
        }
        said.push('\n');
    }
    let said = said.replace(env!("CARGO_MANIFEST_DIR"), "<tests>");
    let temporary = std::env::temp_dir();
    let hide = |word: &str| if Path::new(word).starts_with(&temporary) { "<file>".to_owned() } else { word.to_owned() };
    let lines = said.lines().map(|line| line.split(' ').map(hide).collect::<Vec<_>>().join(" "));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_kind_of_error_is_among_them() {
    let seen: Vec<ErrorKind> = situations().iter().map(Error::kind).collect();
    for kind in KINDS {
        assert!(seen.contains(&kind), "{kind:?}");
    }
}

#[test]
fn an_error_states_one_fact_and_leaves_the_cause_to_its_source() {
    for error in situations() {
        let text = error.to_string();
        let is_lower = text.starts_with(|letter: char| letter.is_lowercase() || letter.is_ascii_digit());
        assert!(is_lower || text.starts_with("SQLite "), "{text}");
        assert!(!text.ends_with('.') && !text.contains('\n') && !text.contains("  "), "{text}");
        let mut chain = text.clone();
        let mut outer: &dyn std::error::Error = &error;
        while let Some(source) = outer.source() {
            assert!(!outer.to_string().contains(&source.to_string()), "{text}");
            let _ = write!(chain, ": {source}");
            outer = source;
        }
        assert_eq!(format!("{error:?}"), chain, "what `main` prints");
    }
}

#[test]
fn the_error_of_sqlite_behind_one_can_be_asked_for() {
    for error in situations() {
        let expected = match error.kind() {
            ErrorKind::Locked | ErrorKind::NotADatabase | ErrorKind::Sqlite => true,
            ErrorKind::Apply => !format!("{error:?}").contains("must not"),
            ErrorKind::Hook => error.source().is_some_and(|cause| !cause.to_string().contains("too short")),
            ErrorKind::Cancelled | ErrorKind::ForeignKeys | ErrorKind::ReadOnly => error.source().is_some(),
            _ => false,
        };
        assert_eq!(error.sqlite_error().is_some(), expected, "{error}");
    }
}

const KINDS: [ErrorKind; 29] = [
    ErrorKind::InTransaction,
    ErrorKind::Locked,
    ErrorKind::ReadOnly,
    ErrorKind::CannotOpen,
    ErrorKind::NotADatabase,
    ErrorKind::Apply,
    ErrorKind::Hook,
    ErrorKind::Cancelled,
    ErrorKind::Interrupted,
    ErrorKind::NothingToResolve,
    ErrorKind::ForeignKeys,
    ErrorKind::Edited,
    ErrorKind::Missing,
    ErrorKind::OutOfOrder,
    ErrorKind::Newer,
    ErrorKind::WrongDirection,
    ErrorKind::Irreversible,
    ErrorKind::BelowBaseline,
    ErrorKind::BeforeSquash,
    ErrorKind::History,
    ErrorKind::Contradiction,
    ErrorKind::Drift,
    ErrorKind::UnknownRevision,
    ErrorKind::Foreign,
    ErrorKind::Unreadable,
    ErrorKind::OtherTool,
    ErrorKind::Backup,
    ErrorKind::Stale,
    ErrorKind::Sqlite,
];

fn situations() -> Vec<Error> {
    [
        files(),
        scripts(),
        hooks(),
        cancel::errors(),
        claims(),
        histories(),
        squashes(),
        drifts(),
        adoptions(),
        fleets(),
        other_tools::errors(),
        backups(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the database has, or lacks, is a part of one file to the program.
fn squashes() -> Vec<Error> {
    let mut conn = Connection::open_in_memory().unwrap();
    notes_v2::MIGRATIONS.upgrade(&mut conn).unwrap();
    let middle = notes_squashed::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    let mut legacy = Connection::open_in_memory().unwrap();
    legacy.execute_batch("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL)").unwrap();
    let before = notes_squashed::MIGRATIONS.upgrade(&mut legacy).unwrap_err();
    let mut fresh = notes_squashed::MIGRATIONS.open_in_memory().unwrap();
    let below = notes_squashed::MIGRATIONS.downgrade_to(&mut fresh, Target::Empty).unwrap_err();
    vec![middle, before, below]
}

/// The connection or the file is the trouble.
fn files() -> Vec<Error> {
    let upgrade = |conn: &mut Connection| notes_v3::MIGRATIONS.upgrade(conn).unwrap_err();
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();

    let mut in_transaction = database.open();
    in_transaction.execute_batch("BEGIN").unwrap();
    let mut errors = vec![upgrade(&mut in_transaction)];
    drop(in_transaction);

    let blocker = database.open();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut conn = database.open();
    conn.busy_timeout(Duration::from_millis(20)).unwrap();
    errors.push(upgrade(&mut conn));
    drop(blocker);

    let mut read_only = database.open_read_only();
    errors.push(upgrade(&mut read_only));
    errors.push(notes_v1::MIGRATIONS.downgrade_to(&mut read_only, Target::Empty).unwrap_err());
    let mut query_only = database.open();
    query_only.execute_batch("PRAGMA query_only = ON").unwrap();
    errors.push(upgrade(&mut query_only));

    let diary = Database::new();
    fs::write(diary.path(), "Dear diary, ").unwrap();
    errors.push(upgrade(&mut diary.open()));
    errors.push(stale());
    errors.extend(awaited::errors());
    errors
}

/// One of many databases, or their directory, is the trouble.
fn fleets() -> Vec<Error> {
    fleet::errors().into()
}

/// A script is the trouble.
fn scripts() -> Vec<Error> {
    let mut twice = notes_v1::MIGRATIONS.open_in_memory().unwrap();
    twice.execute_batch("INSERT INTO notes (body) VALUES ('twice'), ('twice')").unwrap();
    let mut errors = vec![notes_v3::MIGRATIONS.upgrade(&mut twice).unwrap_err()];

    let mut drifted = notes_v2::MIGRATIONS.open_in_memory().unwrap();
    drifted.execute_batch("DROP INDEX notes_pinned").unwrap();
    errors.push(notes_v2::MIGRATIONS.downgrade_to(&mut drifted, Target::Empty).unwrap_err());

    let enemy = |down: &str| {
        let mut conn = notes_v2::MIGRATIONS.open_in_memory().unwrap();
        conn.execute("UPDATE _devilmcp_migrations SET down = ?1", [down]).unwrap();
        notes_v1::MIGRATIONS.downgrade_to(&mut conn, Target::Latest).unwrap_err()
    };
    let long = format!("\n  SELECT '{}';", "ä".repeat(99));
    errors.extend(
        ["COMMIT", "ATTACH ':memory:' AS a", "PRAGMA user_version = 1", "DROP TABLE _devilmcp_migrations"].map(enemy),
    );
    errors.push(enemy(&format!("{long} {}", long.replace("SELECT", "SELEKT"))));
    errors.push(enemy("SELECT ?1"));

    let families = |rows: &str| {
        let mut conn = Connection::open_in_memory().unwrap();
        orphans::MIGRATIONS.upgrade_to(&mut conn, orphans::Version::V0001CreateFamilies).unwrap();
        conn.execute_batch(rows).unwrap();
        conn
    };
    let mut one = families("INSERT INTO parents VALUES ('bob', 'gone'); INSERT INTO children VALUES (2, 'bob');");
    errors.push(orphans_made::MIGRATIONS.upgrade(&mut one).unwrap_err());
    let mut many = families(
        "INSERT INTO parents VALUES ('bob', 'gone');
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12) INSERT INTO children SELECT i, 'bob' FROM n;",
    );
    errors.push(orphans_made::MIGRATIONS.upgrade(&mut many).unwrap_err());
    errors.push(orphans_mismatch::MIGRATIONS.upgrade(&mut families("")).unwrap_err());

    let mut lost = Connection::open_in_memory().unwrap();
    deferred::MIGRATIONS.upgrade_to(&mut lost, deferred::Version::V0001Families).unwrap();
    lost.execute_batch("PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (3, 99)").unwrap();
    errors.push(deferred::MIGRATIONS.upgrade(&mut lost).unwrap_err());

    let mut halfway = Connection::open_in_memory().unwrap();
    enforced::MIGRATIONS.upgrade_to(&mut halfway, enforced::Version::V0001Families).unwrap();
    halfway.execute_batch("ALTER TABLE children ADD COLUMN nickname TEXT").unwrap();
    errors.push(enforced::MIGRATIONS.upgrade(&mut halfway).unwrap_err());
    errors
}

/// Code of the program's is the trouble.
fn hooks() -> Vec<Error> {
    let fails = |hook: fn(&Hook<'_>) -> HookResult| with(hook).open_in_memory().unwrap_err();
    let outside = alone::MIGRATIONS.migrator().before(alone::Version::V0003Wal, |_| Ok(()));
    vec![
        fails(|_| Err("the body is too short".into())),
        fails(|sql| Ok(sql.execute("DROP TABLE notes", ()).map(drop)?)),
        fails(|sql| Ok(sql.execute("UPDATE _devilmcp_migrations SET down = NULL", ()).map(drop)?)),
        fails(|sql| Ok(sql.execute("INSERT INTO notes (id) VALUES (1)", ()).map(drop)?)),
        fails(|sql| {
            sql.execute("INSERT OR ROLLBACK INTO notes (id) VALUES (1)", ()).unwrap_err();
            Ok(())
        }),
        outside.open_in_memory().unwrap_err(),
    ]
}

/// What runs outside of a transaction is the trouble.
fn claims() -> Vec<Error> {
    let mut conn = no_transaction::twice();
    let resolve = |conn: &mut Connection| stopped::MIGRATIONS.migrator().resolve(conn, Resolution::NotApplied);
    let mut errors = vec![resolve(&mut conn).unwrap_err(), stopped::MIGRATIONS.upgrade(&mut conn).unwrap_err()];
    let same_for_all = "UPDATE _devilmcp_migrations_claim SET process = 4711, since = '2026-01-01T00:00:00.000Z'";
    conn.execute_batch(same_for_all).unwrap();
    errors.push(stopped::MIGRATIONS.upgrade(&mut conn).unwrap_err());
    conn.execute_batch("DELETE FROM _devilmcp_migrations_claim").unwrap();
    errors.push(stopped::MIGRATIONS.upgrade(&mut conn).unwrap_err());

    let mut unrecorded = no_transaction::twice();
    unrecorded.execute_batch("DELETE FROM logs").unwrap();
    // Those of the claim and of the script get through.
    no_transaction::refuse_commits(&unrecorded, |commit| commit == 2);
    errors.push(stopped_first::MIGRATIONS.upgrade(&mut unrecorded).unwrap_err());
    errors.push(no_transaction::overruled());
    errors
}

/// What was applied is the trouble.
fn histories() -> Vec<Error> {
    let [mut v1, mut v2, mut v3] = [
        notes_v1::MIGRATIONS.open_in_memory().unwrap(),
        notes_v2::MIGRATIONS.open_in_memory().unwrap(),
        notes_v3::MIGRATIONS.open_in_memory().unwrap(),
    ];
    let mut errors = vec![
        notes_edited::MIGRATIONS.upgrade(&mut v2).unwrap_err(),
        notes_renamed::MIGRATIONS.upgrade(&mut v2).unwrap_err(),
        branch_a::MIGRATIONS.upgrade(&mut branch_b::MIGRATIONS.open_in_memory().unwrap()).unwrap_err(),
        branch_b::MIGRATIONS.upgrade(&mut branch_a::MIGRATIONS.open_in_memory().unwrap()).unwrap_err(),
        notes_v1::MIGRATIONS.upgrade(&mut v3).unwrap_err(),
        notes_v3::MIGRATIONS.upgrade_to(&mut v3, notes_v3::Version::V0001CreateNotes).unwrap_err(),
        notes_v3::MIGRATIONS.downgrade_to(&mut v1, notes_v3::Version::V0002AddPinned).unwrap_err(),
        notes_v3::MIGRATIONS.upgrade_to(&mut v1, Target::Empty).unwrap_err(),
    ];
    let mut merged = notes_irreversible::MIGRATIONS.open_in_memory().unwrap();
    errors.push(notes_irreversible::MIGRATIONS.downgrade_to(&mut merged, Target::Empty).unwrap_err());
    v2.execute_batch("UPDATE _devilmcp_migrations SET name = 'other' WHERE version = 2; PRAGMA user_version = 0")
        .unwrap();
    errors.push(notes_v2::MIGRATIONS.upgrade(&mut v2).unwrap_err());
    v1.execute_batch("DROP TABLE _devilmcp_migrations; CREATE TABLE _devilmcp_migrations (id)").unwrap();
    errors.push(notes_v1::MIGRATIONS.upgrade(&mut v1).unwrap_err());
    errors
}

/// What somebody has done by hand is the trouble.
fn drifts() -> Vec<Error> {
    let refused =
        |conn: &mut Connection| notes_v2::MIGRATIONS.migrator().drift(Drift::Refuse).upgrade(conn).unwrap_err();
    let mut drifted = notes_v1::MIGRATIONS.open_in_memory().unwrap();
    drifted.execute_batch("CREATE INDEX by_hand ON notes (body); ALTER TABLE notes ADD COLUMN extra").unwrap();
    let mut new = Connection::open_in_memory().unwrap();
    new.execute_batch("CREATE TABLE extra (a)").unwrap();
    vec![refused(&mut drifted), refused(&mut new)]
}

/// What was there before is the trouble.
fn adoptions() -> Vec<Error> {
    let with = |sql: &str| {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(sql).unwrap();
        conn
    };
    let mut adopted = with("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, fax TEXT)");
    alembic::MIGRATIONS.upgrade(&mut adopted).unwrap();
    let refused = |sql: &str| alembic::MIGRATIONS.upgrade(&mut with(sql)).unwrap_err();
    vec![
        alembic::MIGRATIONS.downgrade_to(&mut adopted, Target::Empty).unwrap_err(),
        refused("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR, mail TEXT)"),
        devilmcp::MIGRATIONS.upgrade(&mut with("CREATE TABLE rules (id); CREATE VIEW tasks AS SELECT 1")).unwrap_err(),
        refused("CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('ccc')"),
        refused("CREATE TABLE alembic_version (version)"),
    ]
}

/// What is to be kept cannot be, or cannot be put back.
fn backups() -> Vec<Error> {
    let upgrade = |conn: &mut Connection, backup| notes_v3::MIGRATIONS.migrator().backup(backup).upgrade(conn);
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let other = Database::from_sql("CREATE TABLE _devilmcp_migrations (id)");
    let halfway = Database::new();
    enforced::MIGRATIONS.upgrade_to(&mut halfway.open(), enforced::Version::V0001Families).unwrap();
    halfway.open().execute_batch("ALTER TABLE children ADD COLUMN nickname TEXT").unwrap();
    vec![
        upgrade(&mut notes_v1::MIGRATIONS.open_in_memory().unwrap(), Backup::beside()).unwrap_err(),
        upgrade(&mut database.open(), Backup::to("nowhere")).unwrap_err(),
        enforced::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut halfway.open()).unwrap_err(),
        restore("/nowhere.backup", database.path()).unwrap_err(),
        restore(database.path(), database.path()).unwrap_err(),
        restore(other.path(), database.path()).unwrap_err(),
    ]
}

/// A file has come into the directory since this was built. Afterwards the directory is as cargo has seen it.
fn stale() -> Error {
    struct New(PathBuf, SystemTime);
    impl Drop for New {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
            let _ = File::open(self.0.parent().unwrap()).and_then(|directory| directory.set_modified(self.1));
        }
    }
    // The tests of this file run at once.
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().unwrap();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stale");
    let modified = fs::metadata(&directory).unwrap().modified().unwrap();
    let new = New(directory.join("0002_new.sql"), modified);
    fs::write(&new.0, "").unwrap();
    stale::MIGRATIONS.upgrade(&mut Connection::open_in_memory().unwrap()).unwrap_err()
}
