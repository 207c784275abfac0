//! How many backups are kept, and of what nothing is deleted.

use std::fs;

use devilmcp_migrate::{Backup, Migrator, Target};
use tempfile::TempDir;

use super::{backups, names, notes};
use crate::programs::notes_v3;
use crate::support::Database;

/// Up and down again, with a backup before each.
fn runs(database: &Database, count: usize, backup: &Backup) {
    let migrator: Migrator<'_, notes_v3::Version> = notes_v3::MIGRATIONS.migrator().backup(backup.clone());
    let mut conn = database.open();
    for _ in 0..count {
        let report = match notes_v3::MIGRATIONS.version(&conn).unwrap() {
            Some(notes_v3::Version::LATEST) => migrator.downgrade_to(&mut conn, notes_v3::Version::V0001CreateNotes),
            _ => migrator.upgrade(&mut conn),
        };
        let report = report.unwrap();
        assert!(report.backup().unwrap().exists());
        assert_eq!(report.retention_failure(), None);
    }
}

#[test]
fn names_say_the_version_and_sort_by_time() {
    let database = notes("delete");
    runs(&database, 4, &Backup::beside());
    let backups = backups(database.path().parent().unwrap());
    let versions: Vec<&str> = backups.iter().map(|file| file.to_str().unwrap().rsplit('.').nth(1).unwrap()).collect();
    assert_eq!(versions, ["v0001", "v0003", "v0001", "v0003"]);
}

#[test]
fn the_newest_are_kept() {
    let database = notes("delete");
    let folder = database.path().parent().unwrap().to_owned();
    runs(&database, 5, &Backup::beside());
    let all = backups(&folder);
    assert_eq!(all.len(), 5);
    runs(&database, 1, &Backup::beside().keep(3));
    let kept = backups(&folder);
    assert_eq!((kept.len(), &kept[..2]), (3, &all[3..]));
    runs(&database, 2, &Backup::beside().keep(0));
    assert_eq!(backups(&folder).len(), 1, "the one that was just made stays");
}

#[test]
fn nothing_else_in_the_folder_is_touched() {
    let database = notes("delete");
    let folder = database.path().parent().unwrap().to_owned();
    let time = "20200101T000000.000Z";
    let others = [
        format!("other.db.{time}.v0001.backup"),
        format!("test.db.{time}.v0001.0123456789ab.backup"),
        format!("test.db.{time}.v0001.backup.gz"),
        format!("test.db.{time}.v1.backup"),
        "test.db.20200101.v0001.backup".to_owned(),
        "test.db.backup".to_owned(),
        "test.db-old".to_owned(),
    ];
    for other in &others {
        fs::write(folder.join(other), "mine").unwrap();
    }
    let directory = format!("test.db.{time}.v0002.backup");
    fs::create_dir(folder.join(&directory)).unwrap();
    let ours = format!("test.db.{time}.v0003.backup");
    fs::write(folder.join(&ours), "a backup of long ago").unwrap();
    runs(&database, 2, &Backup::beside().keep(1));

    let left = names(&folder);
    assert!(others.iter().all(|other| left.contains(other)), "{left:?}");
    assert!(left.contains(&directory) && !left.contains(&ours), "{left:?}");
    assert_eq!(left.len(), others.len() + 3, "{left:?}");
}

#[test]
fn databases_with_one_name_share_a_folder_and_keep_their_own() {
    let folder = TempDir::new().unwrap();
    let (one, two) = (notes("delete"), notes("wal"));
    runs(&one, 3, &Backup::to(folder.path()));
    runs(&two, 1, &Backup::to(folder.path()).keep(1));
    assert_eq!(backups(folder.path()).len(), 4);
    runs(&one, 2, &Backup::to(folder.path()).keep(2));
    assert_eq!(backups(folder.path()).len(), 3);
    // A database is one, whichever way one comes to it.
    #[cfg(unix)]
    {
        let link = folder.path().join("link.db");
        std::os::unix::fs::symlink(one.path(), &link).unwrap();
        let mut conn = devilmcp_migrate::rusqlite::Connection::open(&link).unwrap();
        let migrator = notes_v3::MIGRATIONS.migrator().backup(Backup::to(folder.path()).keep(1));
        migrator.downgrade_to(&mut conn, notes_v3::Version::V0001CreateNotes).unwrap();
        assert_eq!(backups(folder.path()).len(), 2);
    }
}

#[test]
fn a_run_that_fails_deletes_none() {
    let database = notes("delete");
    let folder = database.path().parent().unwrap().to_owned();
    runs(&database, 4, &Backup::beside());
    let all = backups(&folder);
    let mut conn = database.open();
    conn.execute_batch("INSERT INTO notes (body) VALUES ('twice'), ('twice')").unwrap();
    for _ in 0..3 {
        notes_v3::MIGRATIONS.migrator().backup(Backup::beside().keep(1)).upgrade(&mut conn).unwrap_err();
        assert_eq!(backups(&folder), all);
    }
}

#[test]
fn what_a_killed_process_has_left_is_cleared_away() {
    let database = notes("delete");
    let folder = database.path().parent().unwrap().to_owned();
    let unfinished = "test.db.20200101T000000.000Z.v0001.backup.partial";
    fs::write(folder.join(unfinished), "half a").unwrap();
    fs::write(folder.join(format!("other.{unfinished}")), "mine").unwrap();
    runs(&database, 1, &Backup::beside());
    let left = names(&folder);
    assert!(!left.contains(&unfinished.to_owned()) && left.contains(&format!("other.{unfinished}")), "{left:?}");
}

/// The upgrade is permanent by then.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_deleted_is_told_and_no_failure() {
    let database = notes("delete");
    let folder = database.path().parent().unwrap().to_owned();
    runs(&database, 2, &Backup::beside());
    let mut conn = database.open();
    // Gone between the list and the deletion, as if somebody else was faster.
    let migrator = notes_v3::MIGRATIONS.migrator().backup(Backup::to(folder.join("moved")).keep(1));
    fs::create_dir(folder.join("moved")).unwrap();
    let (from, to) = (folder.join("moved"), folder.join("elsewhere"));
    let migrator = migrator.on_event(move |event| {
        if matches!(event, devilmcp_migrate::Event::Committed { .. }) {
            fs::rename(&from, &to).unwrap();
        }
    });
    let report = migrator.upgrade_to(&mut conn, Target::Latest).unwrap();
    assert!(report.retention_failure().is_some_and(|failure| failure.starts_with("cannot list the folder ")));
    assert_eq!(notes_v3::MIGRATIONS.version(&conn).unwrap(), Some(notes_v3::Version::LATEST));
}
