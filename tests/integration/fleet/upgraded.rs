//! What works.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use devilmcp_migrate::fleet::{self, Event};
use devilmcp_migrate::rusqlite::functions::FunctionFlags;
use devilmcp_migrate::{Backup, Cancel, ErrorKind};

use super::{Tenants, counts, version};
use crate::programs::{notes_v1, notes_v2, notes_v3};

#[test]
fn a_thousand_databases_are_upgraded_and_then_there_is_nothing_to_do() {
    let tenants = Tenants::new(1_000);
    let migrator = notes_v3::MIGRATIONS.migrator();
    let report = fleet::upgrade(&migrator).directory(tenants.path()).unwrap();
    assert_eq!(counts(&report), [1_000, 0, 0, 0]);
    assert!((0..1_000).step_by(97).all(|number| version(&tenants.file(number)) == 3));
    let report = fleet::upgrade(&migrator).directory(tenants.path()).unwrap();
    assert_eq!(counts(&report), [0, 1_000, 0, 0]);
}

#[test]
fn any_iterator_will_do_and_is_asked_as_databases_are_begun() {
    let tenants = Tenants::new(20);
    let (begun, asked) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let migrator = notes_v3::MIGRATIONS.migrator();
    let jobs = NonZeroUsize::new(3).unwrap();
    let upgrade = fleet::upgrade(&migrator).jobs(jobs).on_event(|event| {
        if let Event::Begun { .. } = event {
            begun.fetch_add(1, Ordering::SeqCst);
        }
    });
    let report = upgrade.files((0..20).map(|number| {
        // Of those that were handed out, each thread has at most one that it has not begun yet.
        let ahead = asked.fetch_add(1, Ordering::SeqCst) - begun.load(Ordering::SeqCst);
        assert!(ahead < jobs.get(), "{ahead}");
        tenants.file(number)
    }));
    assert_eq!(counts(&report), [20, 0, 0, 0]);
}

#[test]
fn no_more_are_worked_at_at_once_than_there_are_jobs() {
    for jobs in [1, 4] {
        let tenants = Tenants::new(40);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let migrator = notes_v3::MIGRATIONS.migrator();
        let upgrade = fleet::upgrade(&migrator).jobs(NonZeroUsize::new(jobs).unwrap()).on_event(|event| match event {
            Event::Begun { .. } => drop(most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst)),
            _ => drop(now.fetch_sub(1, Ordering::SeqCst)),
        });
        assert_eq!(upgrade.directory(tenants.path()).unwrap().all(), 40);
        let most = most.load(Ordering::SeqCst);
        assert!(most <= jobs && (jobs == 1 || most > 1), "{most} of {jobs}");
    }
}

#[test]
fn each_database_is_told_of_twice() {
    let tenants = Tenants::new(4);
    notes_v3::MIGRATIONS.upgrade(&mut tenants.open(1)).unwrap();
    let told = Mutex::new(BTreeMap::<_, Vec<String>>::new());
    let migrator = notes_v2::MIGRATIONS.migrator();
    let upgrade = fleet::upgrade_to(&migrator, notes_v2::Version::V0002AddPinned).on_event(|event| {
        let (path, what) = match event {
            Event::Begun { path, .. } => (path, "begun".to_owned()),
            Event::Upgraded { path, report, .. } => (path, format!("{:?} to {:?}", report.from(), report.to())),
            Event::Unchanged { path, report, .. } => (path, format!("at {:?}", report.to())),
            Event::Failed { path, error, .. } => (path, format!("{:?}", error.kind())),
            other => panic!("{other}"),
        };
        assert!(event.to_string().starts_with(&format!("{}: ", path.display())), "{event}");
        told.lock().unwrap().entry(path.to_path_buf()).or_default().push(what);
    });
    assert_eq!(counts(&upgrade.directory(tenants.path()).unwrap()), [3, 0, 1, 0]);
    assert_eq!(counts(&upgrade.directory(tenants.path()).unwrap()), [0, 3, 1, 0]);
    drop(upgrade);
    let told = told.into_inner().unwrap();
    assert_eq!(told[&tenants.file(0)], ["begun", "Some(1) to Some(2)", "begun", "at Some(2)"]);
    assert_eq!(told[&tenants.file(1)], ["begun", "Newer", "begun", "Newer"]);
}

#[test]
fn hooks_and_backups_are_for_each_and_a_connection_can_be_prepared() {
    let tenants = Tenants::new(5);
    let (hooked, prepared) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let migrator = notes_v3::MIGRATIONS.migrator().backup(Backup::beside());
    let migrator = migrator.after(notes_v3::Version::V0002AddPinned, |sql| {
        hooked.fetch_add(1, Ordering::Relaxed);
        Ok(sql.execute("UPDATE notes SET body = same(body)", ()).map(drop)?)
    });
    let upgrade = fleet::upgrade(&migrator).on_open(|conn| {
        prepared.fetch_add(1, Ordering::Relaxed);
        conn.create_scalar_function("same", 1, FunctionFlags::SQLITE_UTF8, |args| args.get::<String>(0))
    });
    assert_eq!(counts(&upgrade.directory(tenants.path()).unwrap()), [5, 0, 0, 0]);
    assert_eq!((hooked.load(Ordering::Relaxed), prepared.load(Ordering::Relaxed)), (5, 5));
    let again = upgrade.directory(tenants.path()).unwrap();
    assert_eq!(counts(&again), [0, 5, 0, 0]);
    let backups = again.skipped().iter().filter(|skipped| skipped.path().to_string_lossy().ends_with(".backup"));
    assert_eq!(backups.count(), 5, "a backup is no database of the fleet: {:?}", again.skipped());
}

#[test]
fn who_cancels_ends_those_at_work_and_the_rest_is_left() {
    let tenants = Tenants::new(30);
    let cancel = Cancel::new();
    let migrator = notes_v3::MIGRATIONS.migrator().cancel_with(&cancel);
    let upgrade = fleet::upgrade(&migrator).jobs(NonZeroUsize::MIN).on_event(|event| match event {
        Event::Upgraded { path, .. } if path.ends_with("tenant-0009.db") => cancel.cancel(),
        _ => {}
    });
    assert_eq!(counts(&upgrade.directory(tenants.path()).unwrap()), [10, 0, 0, 20]);
    drop(upgrade);

    // One that waits for a lock ends, too.
    let blocker = tenants.open(10);
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let cancel = Cancel::new();
    let migrator = notes_v3::MIGRATIONS.migrator().cancel_with(&cancel);
    let upgrade = fleet::upgrade(&migrator).jobs(NonZeroUsize::MIN).busy_timeout(Duration::from_secs(600));
    let report = thread::scope(|scope| {
        let running = scope.spawn(|| upgrade.directory(tenants.path()).unwrap());
        thread::sleep(Duration::from_millis(300));
        cancel.cancel();
        running.join().unwrap()
    });
    assert_eq!(counts(&report), [0, 10, 1, 19]);
    assert_eq!(report.failures()[0].error().kind(), ErrorKind::Cancelled);
    drop(blocker);
    let report = fleet::upgrade(&notes_v3::MIGRATIONS.migrator()).directory(tenants.path()).unwrap();
    assert_eq!(counts(&report), [20, 10, 0, 0], "what was left is done the next time");
}

#[test]
fn two_fleets_at_once_share_the_work() {
    let tenants = Tenants::new(60);
    let run = || fleet::upgrade(&notes_v3::MIGRATIONS.migrator()).directory(tenants.path()).unwrap();
    let [one, other] = thread::scope(|scope| [scope.spawn(run), scope.spawn(run)].map(|run| run.join().unwrap()));
    assert_eq!((one.failures().len(), other.failures().len()), (0, 0));
    assert_eq!(one.upgraded() + other.upgraded(), 60, "each once");
    assert_eq!((one.all(), other.all()), (60, 60));
    assert!((0..60).all(|number| version(&tenants.file(number)) == 3));
}

#[test]
fn an_empty_database_is_new_and_nothing_is_made_that_is_not_there() {
    let tenants = Tenants::new(0);
    std::fs::write(tenants.file(0), "").unwrap();
    let migrator = notes_v1::MIGRATIONS.migrator();
    let report = fleet::upgrade(&migrator).files([tenants.file(0), tenants.file(1)]);
    assert_eq!(counts(&report), [1, 0, 1, 0]);
    assert_eq!(report.failures()[0].path(), tenants.file(1));
    assert!(!tenants.file(1).exists());
    assert_eq!(counts(&fleet::upgrade(&migrator).files(Vec::<String>::new())), [0; 4]);
}
