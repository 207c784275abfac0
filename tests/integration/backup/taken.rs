//! What a backup holds, and when it is made.

use std::fs;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use devilmcp_migrate::rusqlite::{Connection, OpenFlags};
use devilmcp_migrate::{Backup, ErrorKind, Event, Target};

use super::{backups, contents, names, notes, open};
use crate::programs::{alone, devilmcp, enforced, notes_v1, notes_v3, stopped};
use crate::support::{Database, column, integer};

#[test]
fn a_backup_is_the_database_before_the_run() {
    for journal_mode in ["delete", "wal", "truncate", "persist", "memory"] {
        let database = notes(journal_mode);
        let mut conn = database.open();
        let before = contents(&conn);
        let cookie = integer(&conn, "PRAGMA schema_version");
        let report = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap();
        assert_eq!(report.done().len(), 2);

        let backup = report.backup().unwrap();
        let copy = open(backup);
        assert_eq!(contents(&copy), before, "{journal_mode}");
        assert_ne!(contents(&conn), before);
        assert_eq!(column(&copy, "PRAGMA integrity_check"), ["ok"]);
        assert_eq!(integer(&copy, "PRAGMA schema_version"), cookie);
        let start = notes_v1::MIGRATIONS.upgrade(&mut { copy }).unwrap();
        assert!(start.is_noop() && start.drift().is_empty(), "the program of that time starts on it");
        drop(conn);
        let others: Vec<String> =
            names(backup.parent().unwrap()).into_iter().filter(|name| name.contains("backup")).collect();
        assert_eq!(others.len(), 1, "{others:?}");
    }
}

/// But for the change counter and the version of SQLite that wrote last: <https://sqlite.org/fileformat2.html#the_database_header>
#[test]
fn with_a_rollback_journal_it_is_the_same_file_byte_for_byte() {
    let database = notes("delete");
    let mut before = database.bytes();
    let report = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut database.open()).unwrap();
    let mut after = fs::read(report.backup().unwrap()).unwrap();
    for header in [&mut before, &mut after] {
        header[24..28].fill(0);
        header[92..100].fill(0);
    }
    assert!(before == after);
}

#[test]
fn what_is_in_the_wal_is_in_the_backup() {
    let database = notes("wal");
    let writer = database.open();
    writer.execute_batch("PRAGMA wal_autocheckpoint = 0; INSERT INTO notes (body) VALUES ('only in the WAL')").unwrap();
    let before = contents(&writer);
    let report = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut database.open()).unwrap();
    assert_eq!(contents(&open(report.backup().unwrap())), before);
}

#[test]
fn readers_go_on_and_writers_wait_and_are_not_in_it() {
    for journal_mode in ["delete", "wal"] {
        let database = notes(journal_mode);
        let mut conn = database.open();
        // More pages than are copied at a time.
        conn.execute_batch(
            "INSERT INTO notes (body) SELECT zeroblob(5000) || a.id || ' ' || b.id FROM notes a, notes b LIMIT 2000",
        )
        .unwrap();
        let before = contents(&conn);
        let path = database.path();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&seen);
        thread::scope(|scope| {
            let (send, receive) = std::sync::mpsc::channel();
            let reading = path.clone();
            let migrator = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).on_event(move |event| {
                if let Event::Backup { copied, of, .. } = event {
                    let reader = Connection::open(&reading).unwrap();
                    assert_eq!(integer(&reader, "SELECT count(*) FROM notes WHERE body = 'late'"), 0);
                    told.lock().unwrap().push((*copied, *of));
                    let _ = send.send(());
                }
            });
            scope.spawn(move || {
                receive.recv().unwrap();
                let conn = Connection::open(path).unwrap();
                conn.busy_timeout(Duration::from_secs(30)).unwrap();
                conn.execute_batch("INSERT INTO notes (body) VALUES ('late')").unwrap();
            });
            let report = migrator.upgrade(&mut conn).unwrap();
            assert_eq!(contents(&open(report.backup().unwrap())), before, "{journal_mode}");
        });
        assert_eq!(integer(&conn, "SELECT count(*) FROM notes WHERE body = 'late'"), 1);
        let seen = seen.lock().unwrap();
        let pages = seen[0].1;
        assert!(pages > 1024 && seen.len() > 1, "{seen:?}");
        assert!(seen.is_sorted() && seen.iter().all(|(copied, of)| copied <= of && *of == pages), "{seen:?}");
        assert_eq!(seen.last(), Some(&(pages, pages)));
    }
}

#[test]
fn nothing_is_copied_where_nothing_is_done_or_there_is_nothing() {
    let database = Database::new();
    let migrator = notes_v3::MIGRATIONS.migrator().backup(Backup::beside());
    assert_eq!(migrator.upgrade(&mut database.open()).unwrap().backup(), None, "the database was empty");
    let again = migrator.upgrade(&mut database.open()).unwrap();
    assert!(again.is_noop() && again.backup().is_none());
    // A database in memory is refused only if there is something to do.
    let mut memory = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    assert!(migrator.upgrade(&mut memory).unwrap().is_noop());
    assert_eq!(names(database.path().parent().unwrap()), ["test.db"]);
}

#[test]
fn a_downgrade_is_preceded_by_one_too() {
    let database = notes("delete");
    let mut conn = database.open();
    notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap();
    let before = contents(&conn);
    let report =
        notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).downgrade_to(&mut conn, Target::Empty).unwrap();
    let backup = report.backup().unwrap();
    assert_eq!(contents(&open(backup)), before);
    assert!(backup.to_str().unwrap().contains(".v0003."), "{}", backup.display());
}

#[test]
fn a_run_of_several_parts_has_one_and_it_is_from_before_the_first() {
    let database = Database::new();
    let mut conn = database.open();
    enforced::MIGRATIONS.upgrade_to(&mut conn, enforced::Version::V0001Families).unwrap();
    let before = contents(&conn);
    let report = enforced::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap();
    assert_eq!(report.done().len(), 4);
    assert_eq!(contents(&open(report.backup().unwrap())), before);

    // This one begins outside of a transaction, with the size of pages and the journal mode.
    let database = Database::new();
    let mut conn = database.open();
    alone::MIGRATIONS.upgrade_to(&mut conn, alone::Version::V0001Logs).unwrap();
    conn.execute_batch("INSERT INTO logs (line) VALUES ('a')").unwrap();
    let before = contents(&conn);
    let report = alone::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap();
    assert_eq!(contents(&open(report.backup().unwrap())), before);
    assert_eq!(backups(database.path().parent().unwrap()).len(), 1);
}

#[test]
fn a_database_that_is_adopted_is_kept_as_it_was() {
    let database = Database::from_dump("create_all_nov.sql");
    let before = contents(&database.open());
    let report = devilmcp::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut database.open()).unwrap();
    let backup = report.backup().unwrap();
    assert_eq!(contents(&open(backup)), before);
    assert!(backup.to_str().unwrap().contains(".v0000."));
}

#[test]
fn after_a_run_that_is_rolled_back_there_is_none() {
    let database = notes("delete");
    let mut conn = database.open();
    conn.execute_batch("INSERT INTO notes (body) VALUES ('twice'), ('twice')").unwrap();
    let before = contents(&conn);
    for _ in 0..2 {
        let error = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap_err();
        assert_eq!((error.kind(), error.backup()), (ErrorKind::Apply, None));
    }
    assert_eq!(contents(&conn), before);
    assert_eq!(names(database.path().parent().unwrap()), ["test.db"]);
}

#[test]
fn after_one_of_which_something_stays_the_error_says_where_it_is() {
    let database = Database::new();
    let mut conn = database.open();
    enforced::MIGRATIONS.upgrade_to(&mut conn, enforced::Version::V0001Families).unwrap();
    conn.execute_batch("ALTER TABLE children ADD COLUMN nickname TEXT").unwrap();
    let before = contents(&conn);
    let error = enforced::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Apply);
    assert!(error.sqlite_error().is_some());
    assert_eq!(contents(&open(error.backup().unwrap())), before);

    let database = Database::new();
    let mut conn = database.open();
    stopped::MIGRATIONS.upgrade_to(&mut conn, stopped::Version::V0001Logs).unwrap();
    conn.execute_batch("INSERT INTO logs (line) VALUES ('twice'), ('twice')").unwrap();
    let before = contents(&conn);
    let error = stopped::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap_err();
    assert_eq!(contents(&open(error.backup().unwrap())), before);
}

#[test]
fn a_schema_that_needs_what_only_the_application_has_is_copied_too() {
    let database = notes("delete");
    let mut conn = database.open();
    // The collation is known to this connection's build of the application only.
    conn.execute_batch(
        "CREATE TABLE names (name TEXT COLLATE NOCASE PRIMARY KEY, other TEXT) WITHOUT ROWID;
         INSERT INTO names VALUES ('a', 'b');
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, 'NOCASE', 'german') WHERE name = 'names';
         PRAGMA writable_schema = RESET",
    )
    .unwrap();
    drop(conn);
    conn = database.open();
    let report = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap();
    let copy = open(report.backup().unwrap());
    assert_eq!(integer(&copy, "SELECT count(*) FROM notes"), integer(&conn, "SELECT count(*) FROM notes"));
}

#[test]
fn one_connection_of_a_shared_cache_is_backed_up_by_another_outside_of_it() {
    let database = notes("delete");
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_SHARED_CACHE;
    let mut conn = Connection::open_with_flags(database.path(), flags).unwrap();
    let before = contents(&conn);
    let report = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap();
    assert_eq!(contents(&open(report.backup().unwrap())), before);
}
