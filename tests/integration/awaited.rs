//! Files that are upgraded by tasks of a runtime.

use std::fs;
use std::future::{Future, IntoFuture};
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use devilmcp_migrate::{Error, ErrorKind, Event};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

use crate::programs::{notes_v1, notes_v3};
use crate::support::{Database, integer};

#[test]
fn a_file_is_made_upgraded_and_closed_before_the_answer() {
    let database = Database::new();
    let report = wait_for(async { notes_v3::MIGRATIONS.upgrade_file(database.path()).await }).unwrap();
    assert_eq!((report.to(), report.done().len()), (Some(3), 3));
    let beside: Vec<_> = fs::read_dir(database.path().parent().unwrap()).unwrap().collect();
    assert_eq!(beside.len(), 1, "nothing of a connection's is left: {beside:?}");
    assert!(wait_for(async { notes_v3::MIGRATIONS.upgrade_file(database.path()).await }).unwrap().is_noop());
}

#[test]
fn options_of_the_migrator_and_of_the_connection_are_heeded() {
    let database = Database::new();
    let heard = Arc::new(Mutex::new(0));
    let count = Arc::clone(&heard);
    let migrator = notes_v3::MIGRATIONS.migrator().on_event(move |_| *count.lock().unwrap() += 1);
    let migrator = migrator.after(notes_v3::Version::V0001CreateNotes, |sql| {
        Ok(sql.execute("INSERT INTO notes (body) VALUES (from_the_program())", ()).map(drop)?)
    });
    let upgrade = migrator.upgrade_file(database.path()).on_open(|conn| {
        use devilmcp_migrate::rusqlite::functions::FunctionFlags;
        conn.create_scalar_function("from_the_program", 0, FunctionFlags::SQLITE_UTF8, |_| Ok("hello"))
    });
    assert!(format!("{upgrade:?}").contains("test.db"));
    wait_for(async { upgrade.await }).unwrap();
    assert_eq!(integer(&database.open(), "SELECT count(*) FROM notes WHERE body = 'hello'"), 1);
    assert!(*heard.lock().unwrap() > 5);
}

#[test]
fn a_file_that_cannot_be_opened_is_named_with_the_reason() {
    for (error, said) in errors().iter().zip([
        "it is a directory, not a database file",
        "there is no such directory to hold it",
        "there is no such file",
        "that names no file",
        "that names no file",
    ]) {
        assert_eq!(error.kind(), ErrorKind::CannotOpen);
        assert!(format!("{error:?}").ends_with(&format!(": {said}")), "{error:?}");
    }
}

/// Of each reason why a file cannot be opened.
pub(crate) fn errors() -> [Error; 5] {
    let folder = TempDir::new().unwrap();
    let of = |path: &Path| {
        let existing = !path.ends_with("nowhere/notes.db");
        let upgrade = notes_v1::MIGRATIONS.upgrade_file(path);
        wait_for(async { if existing { upgrade.existing().await } else { upgrade.await } }).unwrap_err()
    };
    let in_folder = ["nowhere/notes.db", "absent.db"].map(|name| of(&folder.path().join(name)));
    let [no_folder, absent] = in_folder;
    [of(folder.path()), no_folder, absent, of(Path::new("")), of(Path::new(":memory:"))]
}

#[test]
fn an_error_of_the_run_is_the_answer_and_nothing_is_changed() {
    let database = Database::new();
    fs::write(database.path(), "Dear diary").unwrap();
    let error = wait_for(async { notes_v1::MIGRATIONS.upgrade_file(database.path()).await }).unwrap_err();
    assert_eq!((error.kind(), database.bytes()), (ErrorKind::NotADatabase, b"Dear diary".to_vec()));

    let locked = Database::new();
    let blocker = locked.open();
    blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let upgrade = notes_v1::MIGRATIONS.upgrade_file(locked.path()).busy_timeout(Duration::from_millis(20));
    assert_eq!(wait_for(async { upgrade.await }).unwrap_err().kind(), ErrorKind::Locked);
}

#[test]
fn what_is_never_awaited_does_nothing() {
    let database = Database::new();
    wait_for(async { drop(notes_v1::MIGRATIONS.upgrade_file(database.path()).into_future()) });
    assert!(!database.path().exists());
}

/// At each event of the run in turn the future is dropped, while the run is in the middle of it.
#[test]
fn dropped_at_any_moment_it_leaves_what_was_before_or_what_is_after() {
    let (mut before, mut after) = (0, 0);
    for at in 1.. {
        let database = Database::new();
        notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        let bytes = database.bytes();
        let is_dropped = dropped_at(at, &database);
        match integer(&database.open(), "SELECT count(*) FROM _devilmcp_migrations") {
            1 => {
                assert!(database.bytes() == bytes, "{at}");
                before += 1;
            }
            3 => after += 1,
            other => panic!("{other} migrations at event {at}"),
        }
        assert_eq!(
            integer(&database.open(), "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
            1
        );
        assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap().to(), Some(3));
        if !is_dropped {
            break;
        }
    }
    assert!(before > 5 && after > 0, "{before}, {after}");
}

/// Whether there was such an event. The run waits there until the future is gone; the runtime, until the run is over.
fn dropped_at(at: u32, database: &Database) -> bool {
    let (reached, is_there) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel();
    let (counted, may_go_on) = (Mutex::new(0), Mutex::new(may_go_on));
    let migrator = notes_v3::MIGRATIONS.migrator().on_event(move |_: &Event<'_>| {
        let mut events = counted.lock().unwrap();
        *events += 1;
        if *events == at {
            reached.send(()).unwrap();
            may_go_on.lock().unwrap().recv().unwrap();
        }
    });
    let (runtime, path) = (runtime(), database.path());
    let task = runtime.spawn(migrator.upgrade_file(path).into_future());
    let is_reached = is_there.recv().is_ok();
    if is_reached {
        task.abort();
        assert!(runtime.block_on(task).unwrap_err().is_cancelled());
        go_on.send(()).unwrap();
    }
    drop(runtime);
    is_reached
}

#[test]
fn a_timeout_ends_a_run_that_waits_for_a_lock_and_another_can_follow() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let blocker = database.open();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let runtime = runtime();
    let upgrade = || notes_v3::MIGRATIONS.upgrade_file(database.path()).busy_timeout(Duration::from_secs(600));
    let started = Instant::now();
    runtime.block_on(async { timeout(Duration::from_millis(100), upgrade()).await }).unwrap_err();
    drop(blocker);
    assert_eq!(runtime.block_on(async { upgrade().await }).unwrap().done().len(), 2);
    drop(runtime);
    assert!(started.elapsed() < Duration::from_secs(300), "the one that was dropped does not wait on");
}

#[test]
fn dropped_while_its_run_is_queued_it_makes_no_file() {
    let database = Database::new();
    let runtime = Builder::new_multi_thread().worker_threads(1).max_blocking_threads(1).enable_time().build().unwrap();
    let (finish, finished) = mpsc::channel::<()>();
    let busy = runtime.spawn_blocking(move || finished.recv());
    let task = runtime.spawn(notes_v1::MIGRATIONS.upgrade_file(database.path()).into_future());
    runtime.block_on(async { sleep(Duration::from_millis(50)).await });
    task.abort();
    assert!(runtime.block_on(task).unwrap_err().is_cancelled());
    finish.send(()).unwrap();
    runtime.block_on(busy).unwrap().unwrap();
    drop(runtime);
    assert!(!database.path().exists());
}

#[test]
fn a_runtime_that_is_shut_down_takes_the_run_back_before_it_is_gone() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let before = database.bytes();
    let (reached, is_there) = mpsc::channel();
    let migrator = notes_v3::MIGRATIONS.migrator().after(notes_v3::Version::V0002AddPinned, move |sql| {
        reached.send(()).unwrap();
        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        Ok(sql.query_row(endless, (), |_| Ok(()))?)
    });
    let runtime = runtime();
    runtime.spawn(migrator.upgrade_file(database.path()).into_future());
    is_there.recv().unwrap();
    drop(runtime);
    assert!(database.bytes() == before);
    assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap().done().len(), 2);
}

#[test]
fn to_drop_one_ends_no_other_that_was_given_the_same_cancel() {
    let cancel = devilmcp_migrate::Cancel::new();
    let [dropped, kept] = [Database::new(), Database::new()];
    let upgrade = |database: &Database| {
        notes_v1::MIGRATIONS.migrator().cancel_with(&cancel).upgrade_file(database.path()).into_future()
    };
    let blocker = dropped.open();
    blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let runtime = runtime();
    runtime.block_on(async { timeout(Duration::from_millis(50), upgrade(&dropped)).await }).unwrap_err();
    assert!(!cancel.is_cancelled());
    runtime.block_on(upgrade(&kept)).unwrap();
    cancel.cancel();
    let error = runtime.block_on(upgrade(&Database::new())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn of_many_tasks_one_does_it_and_none_fails() {
    let database = Database::new();
    let runtime = runtime();
    let upgrade = |_| runtime.spawn(notes_v3::MIGRATIONS.upgrade_file(database.path()).into_future());
    let tasks: Vec<_> = (0..24).map(upgrade).collect();
    let done = tasks.into_iter().map(|task| runtime.block_on(task).unwrap().unwrap().done().len());
    assert_eq!(done.sum::<usize>(), 3);
}

#[test]
fn a_panic_of_the_programs_goes_on_in_who_awaits() {
    let database = Database::new();
    let migrator = notes_v1::MIGRATIONS.migrator().after(notes_v1::Version::V0001CreateNotes, |_| panic!("a bad note"));
    let runtime = runtime();
    let ended = runtime.block_on(runtime.spawn(migrator.upgrade_file(database.path()).into_future())).unwrap_err();
    assert_eq!(ended.into_panic().downcast_ref::<&str>(), Some(&"a bad note"));
    assert_eq!(notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap().done().len(), 1);
}

pub(crate) fn wait_for<T>(future: impl Future<Output = T>) -> T {
    runtime().block_on(future)
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
}
