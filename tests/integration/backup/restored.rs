//! A backup that is put back.

use std::fs;
use std::path::Path;
use std::time::Duration;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Backup, ErrorKind, restore};
use tempfile::TempDir;

use super::{backups, contents, names, notes, open};
use crate::programs::{notes_v1, notes_v3};
use crate::support::{Database, column, integer};

/// A database at the third migration, its backup at the first, and what was in it then.
fn upgraded(journal_mode: &str) -> (Database, std::path::PathBuf, Contents) {
    let database = notes(journal_mode);
    let mut conn = database.open();
    let before = contents(&conn);
    let report = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap();
    conn.execute_batch("INSERT INTO notes (body) VALUES ('since then')").unwrap();
    (database, report.backup().unwrap().to_owned(), before)
}

type Contents = (Vec<String>, Vec<String>, [i64; 3]);

#[test]
fn it_gives_back_the_state_before_and_keeps_the_one_after() {
    for journal_mode in ["delete", "wal", "truncate"] {
        let (database, backup, before) = upgraded(journal_mode);
        let after = contents(&database.open());
        let restored = restore(&backup, database.path()).unwrap();
        assert_eq!((restored.version(), restored.name()), (Some(1), Some("create_notes")));
        assert_eq!(contents(&open(restored.saved().unwrap())), after, "{journal_mode}");

        let mut conn = database.open();
        assert_eq!(contents(&conn), before, "{journal_mode}");
        assert_eq!(column(&conn, "PRAGMA integrity_check"), ["ok"]);
        assert!(notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop(), "the old program starts on it");
        let journal_mode = if journal_mode == "wal" { "wal" } else { "delete" };
        assert_eq!(column(&conn, "PRAGMA journal_mode"), [journal_mode]);

        restore(restored.saved().unwrap(), database.path()).unwrap();
        assert_eq!(contents(&conn), after, "and back again");
        assert!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
        assert!(contents(&open(&backup)) == before, "the backup is as it was");
    }
}

/// In each of both modes, from each of both modes.
#[test]
fn connections_that_are_open_go_on() {
    for journal_mode in ["delete", "wal"] {
        for other_mode in ["delete", "wal"] {
            let (_other, backup, before) = upgraded(other_mode);
            let database = notes(journal_mode);
            let open = [database.open(), database.open()];
            let mut statement = open[0].prepare("SELECT count(*) FROM notes").unwrap();
            let mut count = || -> i64 { statement.query_row([], |row| row.get(0)).unwrap() };
            open[1].execute_batch("DELETE FROM notes; PRAGMA user_version = 7").unwrap();
            assert_eq!(count(), 0);
            restore(&backup, database.path()).unwrap();
            assert!(count() > 500, "{journal_mode} from {other_mode}");
            open[1].execute_batch("INSERT INTO notes (body) VALUES ('goes on')").unwrap();
            assert_eq!(integer(&open[0], "SELECT count(*) FROM notes WHERE body = 'goes on'"), 1);
            open[1].execute_batch("DELETE FROM notes WHERE body = 'goes on'").unwrap();
            assert_eq!(contents(&open[1]), before);
            assert_eq!(column(&open[1], "PRAGMA integrity_check"), ["ok"]);
        }
    }
}

#[test]
fn one_who_reads_sees_the_old_to_the_end() {
    let (database, backup, before) = upgraded("wal");
    let reader = database.open();
    let after = contents(&reader);
    reader.execute_batch("BEGIN").unwrap();
    let count = integer(&reader, "SELECT count(*) FROM notes");
    restore(&backup, database.path()).unwrap();
    assert_eq!(integer(&reader, "SELECT count(*) FROM notes"), count);
    assert_eq!(contents(&reader), after);
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(contents(&reader), before);
}

#[test]
fn whoever_holds_the_database_is_waited_for_and_then_named() {
    for journal_mode in ["delete", "wal"] {
        let (database, backup, before) = upgraded(journal_mode);
        let writer = database.open();
        writer.execute_batch("BEGIN IMMEDIATE; INSERT INTO notes (body) VALUES ('mine')").unwrap();
        let error = restore(&backup, database.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked);
        assert!(error.to_string().ends_with("busy timeout of 5000 ms"), "{error}");
        assert_eq!(backups(database.path().parent().unwrap()), std::slice::from_ref(&backup));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| restore(&backup, database.path()).unwrap());
            std::thread::sleep(Duration::from_millis(300));
            writer.execute_batch("COMMIT").unwrap();
            let saved = waiting.join().unwrap();
            let saved = open(saved.saved().unwrap());
            assert_eq!(integer(&saved, "SELECT count(*) FROM notes WHERE body = 'mine'"), 1, "not lost");
        });
        assert_eq!(contents(&writer), before);
    }
}

/// What is written while a restore begins is in the new database's past: saved, or refused to the writer. Never neither.
#[test]
fn no_commit_is_lost_between_saving_and_overwriting() {
    for journal_mode in ["delete", "wal"] {
        let (database, backup, _) = upgraded(journal_mode);
        let path = database.path();
        std::thread::scope(|scope| {
            let restoring = scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(30));
                restore(&backup, &path).unwrap()
            });
            let writer = database.open();
            writer.busy_timeout(Duration::from_secs(30)).unwrap();
            let mut written = 0;
            while !restoring.is_finished() {
                writer.execute("INSERT INTO notes (body) VALUES (?1)", [format!("counted {written}")]).unwrap();
                written += 1;
                // SQLite's lock is not fair: one who does nothing but write lets nobody else in.
                std::thread::sleep(Duration::from_millis(5));
            }
            let saved = open(restoring.join().unwrap().saved().unwrap());
            let count = "SELECT count(*) FROM notes WHERE body LIKE 'counted %'";
            assert_eq!(integer(&saved, count) + integer(&writer, count), written, "{journal_mode}");
        });
    }
}

#[test]
fn pages_of_another_size_need_the_database_for_themselves() {
    for page_size in [1024, 16384] {
        let (database, backup, before) = upgraded("delete");
        let resize = format!("PRAGMA page_size = {page_size}; VACUUM; PRAGMA journal_mode = WAL");
        database.open().execute_batch(&resize).unwrap();
        let other = database.open();
        assert_eq!(integer(&other, "SELECT count(*) FROM notes WHERE body = 'since then'"), 1);
        let error = restore(&backup, database.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked, "{error}");
        drop(other);
        let restored = restore(&backup, database.path()).unwrap();
        assert_eq!(contents(&database.open()), before);
        assert_eq!(integer(&open(restored.saved().unwrap()), "PRAGMA page_size"), page_size);
    }
}

#[test]
fn where_there_is_no_database_it_is_made() {
    for journal_mode in ["delete", "wal"] {
        let (database, backup, before) = upgraded(journal_mode);
        let folder = TempDir::new().unwrap();
        let new = folder.path().join("new.db");
        let restored = restore(&backup, &new).unwrap();
        assert_eq!((restored.version(), restored.saved()), (Some(1), None));
        assert_eq!(names(folder.path()), ["new.db"]);
        let mut conn = Connection::open(&new).unwrap();
        assert_eq!(contents(&conn), before);
        assert!(notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
        drop(database);
    }
    // A file of no bytes is a database without anything to save.
    let (_database, backup, before) = upgraded("delete");
    let empty = Database::new();
    fs::write(empty.path(), "").unwrap();
    assert_eq!(restore(&backup, empty.path()).unwrap().saved(), None);
    assert_eq!(contents(&empty.open()), before);
}

#[test]
fn what_is_no_backup_is_refused_and_nothing_is_changed() {
    let (database, backup, _) = upgraded("delete");
    let folder = database.path().parent().unwrap().to_owned();
    let before = (database.bytes(), names(&folder).len());
    let refused = |backup: &Path, reason: &str| {
        let error = restore(backup, database.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Backup);
        assert!(error.to_string().ends_with(reason), "{error}");
        assert!(database.bytes() == before.0);
    };
    refused(&folder.join("nowhere"), &format!("cannot look for {}", folder.join("nowhere").display()));
    refused(&folder, "cannot be put back: it is not a file");
    refused(&database.path(), "it is the database itself");

    let other = TempDir::new().unwrap();
    let file = other.path().join("copy");
    fs::write(&file, "").unwrap();
    refused(&file, "it is empty");
    fs::write(&file, "Dear diary, ".repeat(1000)).unwrap();
    refused(&file, "it is not an SQLite database, or is damaged");
    let bytes = fs::read(&backup).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let error = restore(&file, database.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Backup, "{error}");
    let mut damaged = bytes.clone();
    damaged[4096 * 100..4096 * 103].fill(0xff);
    fs::write(&file, &damaged).unwrap();
    let error = restore(&file, database.path()).unwrap_err();
    assert!(error.to_string().contains("SQLite's quick_check says"), "{error}");
    fs::write(&file, &bytes).unwrap();
    for journal in ["copy-wal", "copy-journal"] {
        fs::write(other.path().join(journal), "not nothing").unwrap();
        refused(&file, &format!("it is not whole without its journal {}", other.path().join(journal).display()));
        fs::remove_file(other.path().join(journal)).unwrap();
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&backup, other.path().join("link")).unwrap();
        refused(&other.path().join("link"), "it is a symbolic link");
        fs::hard_link(database.path(), other.path().join("hard")).unwrap();
        refused(&other.path().join("hard"), "it is the database itself");
    }
    assert_eq!((database.bytes(), names(&folder).len()), before);
}

#[test]
fn a_history_that_is_none_is_not_put_back() {
    let (database, _, _) = upgraded("delete");
    let other = Database::from_sql("CREATE TABLE _devilmcp_migrations (id)");
    let error = restore(other.path(), database.path()).unwrap_err();
    assert!(error.to_string().contains("cannot be put back: the table _devilmcp_migrations"), "{error}");
    // Any other database is one that somebody may want.
    let other = Database::from_sql("CREATE TABLE t (a)");
    assert_eq!(restore(other.path(), database.path()).unwrap().version(), None);
    assert_eq!(column(&database.open(), "SELECT name FROM sqlite_schema"), ["t"]);
}

#[test]
fn over_what_is_damaged_it_is_put_back_where_it_was_moved_away() {
    let (database, backup, before) = upgraded("delete");
    // Some of its pages only: SQLite can open it, and what is left is kept.
    let mut bytes = database.bytes();
    bytes[4096 * 100..4096 * 103].fill(0xff);
    fs::write(database.path(), &bytes).unwrap();
    let restored = restore(&backup, database.path()).unwrap();
    assert!(fs::metadata(restored.saved().unwrap()).unwrap().len() == bytes.len() as u64);
    assert_eq!(contents(&database.open()), before);

    fs::write(database.path(), "Dear diary, ".repeat(1000)).unwrap();
    let error = restore(&backup, database.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Backup);
    assert!(error.to_string().ends_with("move it away, with its -wal or -journal, and try again"), "{error}");
    fs::rename(database.path(), database.path().with_extension("old")).unwrap();
    for journal in ["-wal", "-journal"] {
        let journal = database.path().with_file_name(format!("test.db{journal}"));
        fs::write(&journal, "left over").unwrap();
        let error = restore(&backup, database.path()).unwrap_err();
        assert!(error.to_string().contains("of a database that is gone"), "{error}");
        fs::remove_file(journal).unwrap();
    }
    restore(&backup, database.path()).unwrap();
    assert_eq!(contents(&database.open()), before);
}
