//! What stops a run before it has changed anything, because there would be no backup.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};

use devilmcp_migrate::rusqlite::{Connection, OpenFlags};
use devilmcp_migrate::{Backup, Error, ErrorKind};

use super::{contents, names, notes};
use crate::programs::{notes_v1, notes_v3};
use crate::site::Site;
use crate::support::{Database, integer};

fn refused(conn: &mut Connection, backup: Backup) -> Error {
    let before = contents(conn);
    let error = notes_v3::MIGRATIONS.migrator().backup(backup).upgrade(conn).unwrap_err();
    assert_eq!((error.kind(), error.backup()), (ErrorKind::Backup, None), "{error}");
    assert_eq!(contents(conn), before);
    assert!(conn.is_autocommit());
    error
}

#[test]
fn what_has_no_file() {
    let message = "the database cannot be backed up: it is in memory or temporary, and has no file";
    for name in [":memory:", "", "file:notes?mode=memory&cache=shared", "file::memory:", "file:/notes.db?vfs=memdb"] {
        let mut conn = Connection::open(name).unwrap();
        let migrator = notes_v1::MIGRATIONS.migrator().backup(Backup::beside());
        assert_eq!(migrator.upgrade(&mut conn).unwrap().backup(), None, "there is nothing to keep yet");
        assert_eq!(refused(&mut conn, Backup::beside()).to_string(), message, "{name}");
    }
}

#[test]
fn what_no_other_connection_can_read() {
    for journal_mode in ["delete", "wal"] {
        let database = notes(journal_mode);
        let mut conn = database.open();
        conn.execute_batch("PRAGMA locking_mode = EXCLUSIVE; INSERT INTO notes (body) VALUES ('mine')").unwrap();
        let message = refused(&mut conn, Backup::beside()).to_string();
        assert!(message.ends_with("its connection is in the exclusive locking mode, so that no other can read it"));
        if journal_mode == "wal" {
            // Where the WAL was opened for one connection only, there is no way back.
            continue;
        }
        conn.execute_batch("PRAGMA locking_mode = NORMAL; INSERT INTO notes (body) VALUES ('ours')").unwrap();
        notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap();
    }
}

/// As it is with an encrypted file, which only a connection that has the key can read.
#[test]
fn what_another_connection_reads_as_something_else() {
    let database = notes("delete");
    let mut conn = database.open();
    assert_eq!(integer(&conn, "SELECT count(*) FROM sqlite_schema"), 2);
    fs::rename(database.path(), database.path().with_extension("moved")).unwrap();
    refused(&mut conn, Backup::beside());
    fs::write(database.path(), "a secret ".repeat(1000)).unwrap();
    let message = refused(&mut conn, Backup::beside()).to_string();
    let reason = "another connection cannot read it: it is encrypted, or was opened through another VFS";
    assert!(message.ends_with(reason), "{message}");
    fs::remove_file(database.path()).unwrap();
    fs::copy(database.path().with_extension("moved"), database.path()).unwrap();
    let another = "the file there is not the one that is open, or was opened without locks";
    let message = refused(&mut conn, Backup::beside()).to_string();
    assert!(message.ends_with(another), "{message}");
    // Somebody is about to write to that other file.
    let writer = database.open();
    writer.execute_batch("PRAGMA application_id = 1; BEGIN IMMEDIATE").unwrap();
    let message = refused(&mut conn, Backup::beside()).to_string();
    assert!(message.ends_with(another), "{message}");
}

#[test]
fn what_was_opened_without_locks() {
    let database = notes("delete");
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI;
    let name = format!("file:{}?nolock=1", database.path().display());
    let message = refused(&mut Connection::open_with_flags(name, flags).unwrap(), Backup::beside()).to_string();
    assert!(message.ends_with("or was opened without locks"), "{message}");
}

#[test]
fn a_folder_that_is_not_there_or_is_none() {
    let database = notes("delete");
    let folder = database.path().parent().unwrap().to_owned();
    fs::write(folder.join("file"), "").unwrap();
    for name in ["nowhere", "file", "file/below"] {
        let error = refused(&mut database.open(), Backup::to(folder.join(name)));
        assert_eq!(error.to_string(), format!("cannot find the folder {}", folder.join(name).display()));
    }
    let long = "x".repeat(230);
    let long = Database::new().path().with_file_name(format!("{long}.db"));
    fs::create_dir_all(long.parent().unwrap()).unwrap();
    let mut conn = Connection::open(&long).unwrap();
    notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    refused(&mut conn, Backup::beside());
    fs::remove_dir_all(long.parent().unwrap()).unwrap();
}

/// Nobody but the administrator may write there.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = notes("delete");
    let folder = database.path().with_file_name("locked");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(folder.join("probe"), "").is_err() {
        let error = refused(&mut database.open(), Backup::to(&folder));
        assert!(error.to_string().starts_with("cannot create "), "{error}");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_database_that_is_damaged() {
    let database = notes("delete");
    let size = integer(&database.open(), "PRAGMA page_size").unsigned_abs();
    let page = integer(&database.open(), "SELECT rootpage FROM sqlite_schema WHERE name = 'notes'").unsigned_abs();
    let mut file = fs::OpenOptions::new().write(true).open(database.path()).unwrap();
    // A number of cells that no page can have.
    file.seek(SeekFrom::Start((page - 1) * size + 3)).unwrap();
    file.write_all(&[0xff, 0xff]).unwrap();
    drop(file);
    let before = database.bytes();
    let migrator = notes_v3::MIGRATIONS.migrator().backup(Backup::beside());
    let error = migrator.upgrade(&mut database.open()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Backup, "{error:?}");
    assert!(error.to_string().contains("cannot be kept: SQLite's quick_check says"), "{error}");
    assert!(database.bytes() == before);
    assert_eq!(names(database.path().parent().unwrap()), ["test.db"], "no half file is left");
}

/// Files are not to grow beyond 400 KiB, as on a disk that is nearly full.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full() {
    let site = Site::new();
    site.db("upgrade 3").done();
    site.connect()
        .execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO memories (category, content, created_at, updated_at)
                 SELECT 'fact', hex(randomblob(400)), '2026-01-01', '2026-01-01' FROM n",
        )
        .unwrap();
    let before = fs::read(site.database()).unwrap();
    let full = |verb: &str| {
        let mut shell = std::process::Command::new("sh");
        let script = "trap '' XFSZ; ulimit -f 800; exec \"$@\"";
        let command = site.command(verb);
        shell.args(["-c", script, "sh"]).arg(command.get_program()).args(command.get_args());
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = shell.output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.starts_with("error: cannot copy the database to "), "{message}");
    };
    full("upgrade --backup");
    assert!(fs::read(site.database()).unwrap() == before);
    assert_eq!(names(&site.storage()), ["devilmcp.db"]);

    let report = site.db("upgrade --backup --json").json(0);
    let after = fs::read(site.database()).unwrap();
    let left = names(&site.storage());
    full(&format!("restore {}", report["backup"].as_str().unwrap()));
    assert!(fs::read(site.database()).unwrap() == after);
    assert_eq!(names(&site.storage()), left);
}
