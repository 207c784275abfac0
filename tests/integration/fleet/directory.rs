//! What of a directory is a database.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use devilmcp_migrate::ErrorKind;
use devilmcp_migrate::fleet::{self, Directory, Event, Report, Why};
use devilmcp_migrate::rusqlite::Connection;

use super::{Tenants, counts};
use crate::programs::notes_v1;

#[test]
fn names_decide_what_is_a_database() {
    let tenants = Tenants::new(0);
    make(&tenants, &["a.db", "b.sqlite", "c.sqlite3", "d.db3", "E.DB", "f.sqlite3.bak", "notes", "g.txt"]);
    for beside in ["a.db-wal", "a.db-shm", "a.db-journal", "x.db-journal"] {
        fs::write(tenants.named(beside), "").unwrap();
    }
    fs::create_dir(tenants.named("folder.db")).unwrap();
    let (begun, report) = upgraded(tenants.path());
    assert_eq!(begun, ["E.DB", "a.db", "b.sqlite", "c.sqlite3", "d.db3"].map(|name| tenants.named(name)));
    let skipped: Vec<PathBuf> = report.skipped().iter().map(|skipped| skipped.path().to_owned()).collect();
    let others = ["a.db-journal", "a.db-shm", "a.db-wal", "f.sqlite3.bak", "g.txt", "notes", "x.db-journal"];
    assert_eq!(skipped, others.map(|name| tenants.named(name)));
    assert!(report.skipped().iter().all(|skipped| skipped.why() == Why::Name));
    assert!(report.skipped()[4].to_string().ends_with("g.txt: not the name of a database"));
}

#[test]
fn a_pattern_stands_for_the_usual_names_and_never_for_what_sqlite_puts_beside_a_database() {
    let tenants = Tenants::new(0);
    make(&tenants, &["tenant-1.db", "tenant-22.db", "cache.db", "tenant-3", "tenant-3-wal"]);
    let all = Directory::new(tenants.path());
    let (begun, _) = upgraded(all.clone().pattern("tenant-*"));
    assert_eq!(begun, ["tenant-1.db", "tenant-22.db", "tenant-3"].map(|name| tenants.named(name)));
    let (begun, _) = upgraded(all.clone().pattern("tenant-?.db").pattern("cache.*"));
    assert_eq!(begun, ["cache.db", "tenant-1.db"].map(|name| tenants.named(name)));
    let (begun, report) = upgraded(all.pattern("nothing"));
    assert_eq!((begun.len(), report.all(), report.skipped().len()), (0, 0, 5));
}

#[test]
fn folders_are_read_if_that_is_asked_for() {
    let tenants = Tenants::new(0);
    for folder in ["a", "a/deep", "b"] {
        fs::create_dir(tenants.named(folder)).unwrap();
    }
    make(&tenants, &["1.db", "a/2.db", "a/deep/3.db", "b/4.db"]);
    assert_eq!(upgraded(tenants.path()).0, [tenants.named("1.db")]);
    let (begun, _) = upgraded(Directory::new(tenants.path()).recursive());
    assert_eq!(begun, ["1.db", "a/2.db", "a/deep/3.db", "b/4.db"].map(|name| tenants.named(name)));
}

#[cfg(unix)]
#[test]
fn links_to_files_are_followed_once_and_links_to_folders_are_not() {
    use std::os::unix::fs::symlink;

    let tenants = Tenants::new(0);
    let elsewhere = Tenants::new(1);
    make(&tenants, &["b.db"]);
    symlink("b.db", tenants.named("a.db")).unwrap();
    fs::hard_link(tenants.named("b.db"), tenants.named("c.db")).unwrap();
    symlink(elsewhere.file(0), tenants.named("linked.db")).unwrap();
    symlink(elsewhere.path(), tenants.named("folder")).unwrap();
    symlink(".", tenants.named("again")).unwrap();
    symlink("nowhere", tenants.named("broken.db")).unwrap();
    symlink("nowhere", tenants.named("broken.txt")).unwrap();
    let (begun, report) = upgraded(Directory::new(tenants.path()).recursive());
    assert_eq!(begun, ["a.db", "linked.db"].map(|name| tenants.named(name)));
    assert_eq!(counts(&report), [1, 1, 1, 0]);
    let failure = &report.failures()[0];
    assert_eq!((failure.path(), failure.error().kind()), (&*tenants.named("broken.db"), ErrorKind::Unreadable));
    let twice = report.skipped().iter().filter(|skipped| skipped.why() == Why::Twice);
    let twice: Vec<PathBuf> = twice.map(|skipped| skipped.path().to_owned()).collect();
    assert_eq!(twice, ["b.db", "c.db"].map(|name| tenants.named(name)));
}

#[cfg(unix)]
#[test]
fn what_is_neither_file_nor_folder_is_not_waited_for() {
    let tenants = Tenants::new(1);
    let made = std::process::Command::new("mkfifo").arg(tenants.named("pipe.db")).status().unwrap();
    assert!(made.success());
    let _listener = std::os::unix::net::UnixListener::bind(tenants.named("socket.db")).unwrap();
    assert_eq!(upgraded(tenants.path()).0, [tenants.file(0)]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_need_not_be_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let tenants = Tenants::new(1);
    let odd = tenants.path().join(OsStr::from_bytes(b"\xff\xfe.db"));
    fs::rename(tenants.file(0), &odd).unwrap();
    assert_eq!(upgraded(tenants.path()).0, [odd]);
}

#[test]
fn a_directory_that_cannot_be_read_is_an_error() {
    let tenants = Tenants::new(1);
    for path in [tenants.named("nowhere"), tenants.file(0)] {
        let error = fleet::upgrade(&notes_v1::MIGRATIONS.migrator()).directory(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert_eq!(error.to_string(), format!("cannot read {}", path.display()));
    }
}

fn make(tenants: &Tenants, names: &[&str]) {
    for name in names {
        fs::write(tenants.named(name), "").unwrap();
    }
}

/// What was taken for a database, in order.
fn upgraded(directory: impl Into<Directory>) -> (Vec<PathBuf>, Report) {
    let begun = Mutex::new(Vec::new());
    let migrator = notes_v1::MIGRATIONS.migrator();
    let upgrade = fleet::upgrade(&migrator).on_event(|event| {
        if let Event::Begun { path, .. } = event {
            begun.lock().unwrap().push(path.to_path_buf());
        }
    });
    let report = upgrade.directory(directory).unwrap();
    drop(upgrade);
    let mut begun = begun.into_inner().unwrap();
    begun.sort();
    // What was made empty has to be one that works.
    let is_sound =
        |path: &PathBuf| Connection::open(path).unwrap().query_row("SELECT count(*) FROM notes", [], |_| Ok(()));
    assert!(begun.iter().all(|path| is_sound(path).is_ok()));
    (begun, report)
}
