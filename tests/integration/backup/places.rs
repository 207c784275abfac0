//! Where a backup is written, and who may read it.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::sync::{Arc, Mutex};

use devilmcp_migrate::rusqlite::{Connection, OpenFlags};
use devilmcp_migrate::{Backup, Event, restore};
use tempfile::TempDir;

use super::{backups, contents, fill, names, notes, open};
use crate::programs::notes_v3;
use crate::support::{column, integer};

#[test]
fn it_has_the_permissions_of_the_database_and_nobody_elses_before() {
    for mode in [0o600, 0o640, 0o644, 0o660] {
        let database = notes("delete");
        fs::set_permissions(database.path(), Permissions::from_mode(mode)).unwrap();
        let folder = database.path().parent().unwrap().to_owned();
        let while_written = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&while_written);
        let migrator = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).on_event(move |event| {
            if matches!(event, Event::Backup { .. }) {
                let partial = names(&folder).into_iter().find(|name| name.ends_with(".partial")).unwrap();
                seen.lock().unwrap().push(fs::metadata(folder.join(partial)).unwrap().mode() & 0o777);
            }
        });
        let report = migrator.upgrade(&mut database.open()).unwrap();
        let backup = report.backup().unwrap();
        assert!(while_written.lock().unwrap().iter().all(|mode| *mode == 0o600));
        assert_eq!(fs::metadata(backup).unwrap().mode() & 0o777, mode);
        assert_eq!(fs::metadata(database.path()).unwrap().uid(), fs::metadata(backup).unwrap().uid());

        let new = database.path().with_file_name("new.db");
        restore(backup, &new).unwrap();
        assert_eq!(fs::metadata(&new).unwrap().mode() & 0o777, mode);
    }
}

#[test]
fn paths_may_have_any_name() {
    for name in [
        &b"it's a \"notes\" file.db"[..],
        b"two\nlines.db",
        b"file:notes.db?mode=memory",
        b"100%25#?&.db",
        b"-rf",
        b"n\xc3\xb6tes.db",
        b"n\xfftes.db",
    ] {
        let folder = TempDir::new().unwrap();
        let directory = folder.path().join(OsStr::from_bytes(b"a b's \xfe"));
        fs::create_dir(&directory).unwrap();
        let path = directory.join(OsStr::from_bytes(name));
        fill(&folder.path().join("plain.db"), "wal");
        fs::rename(folder.path().join("plain.db"), &path).unwrap();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let mut conn = Connection::open_with_flags(&path, flags).unwrap();
        let before = contents(&conn);
        let report = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap();
        let backup = report.backup().unwrap();
        let [found, original] = [backup, &path].map(|path| path.file_name().unwrap().as_bytes());
        assert!(found.starts_with(original) && found.ends_with(b".v0001.backup"), "{}", backup.display());
        assert_eq!(restore(backup, &path).unwrap().version(), Some(1));
        assert_eq!(contents(&conn), before, "{}", path.display());
    }
}

#[test]
fn a_link_is_followed_to_the_database_and_to_no_other_file() {
    let database = notes("delete");
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link.db");
    symlink(database.path(), &link).unwrap();
    let mut conn = Connection::open(&link).unwrap();
    let report = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn).unwrap();
    let [found, expected] = [report.backup().unwrap().parent().unwrap(), database.path().parent().unwrap()]
        .map(|folder| fs::canonicalize(folder).unwrap());
    assert_eq!(found, expected, "beside the file, not beside the link");
    assert_eq!(names(folder.path()), ["link.db"]);
}

/// Somebody who may write to the folder has guessed the name. Every name of the next seconds has a link.
#[test]
fn a_link_at_the_name_is_not_written_through() {
    for end in ["", ".partial"] {
        let database = notes("delete");
        let folder = database.path().parent().unwrap().to_owned();
        let victim = folder.join("victim");
        fs::write(&victim, "precious").unwrap();
        let conn = database.open();
        let times = column(
            &conn,
            "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
             SELECT strftime('%Y%m%dT%H%M%fZ', 'now', printf('+%d.%03d seconds', i / 1000, i % 1000)) FROM n",
        );
        let mut links = Vec::new();
        for time in times {
            let link = folder.join(format!("test.db.{time}.v0001.backup{end}"));
            if symlink(&victim, &link).is_ok() {
                links.push(link);
            }
        }
        drop(conn);
        let outcome = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut database.open());
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
        assert!(links.iter().all(|link| fs::symlink_metadata(link).unwrap().is_symlink()));
        match outcome {
            // It has found a name that was free.
            Ok(report) => assert!(fs::symlink_metadata(report.backup().unwrap()).unwrap().is_file()),
            Err(error) => assert!(error.to_string().starts_with("cannot create "), "{error}"),
        }
    }
}

#[test]
fn a_folder_may_be_a_link_or_relative() {
    let database = notes("delete");
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    fs::create_dir(folder.path().join("real")).unwrap();
    symlink(folder.path().join("real"), &link).unwrap();
    let report = notes_v3::MIGRATIONS.migrator().backup(Backup::to(&link)).upgrade(&mut database.open()).unwrap();
    assert_eq!(backups(&folder.path().join("real")).len(), 1);
    assert_eq!(integer(&open(report.backup().unwrap()), "SELECT max(version) FROM _devilmcp_migrations"), 1);
    assert!(Path::new(report.backup().unwrap()).is_absolute());
}
