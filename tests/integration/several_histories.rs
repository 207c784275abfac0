//! A library that keeps a history of its own in the database of a program.

use std::fs;
use std::thread;
use std::time::Duration;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Drift, ErrorKind, Report, Resolution, Target, fleet};

use crate::authoring::run;
use crate::fleet::{Tenants, counts};
use crate::programs::{devilmcp, notes_v1, notes_v2, notes_v3, queue, queue_alone, queue_of_another, queue_v1};
use crate::project::{Project, library, root};
use crate::startup::{HEADER_ONLY, asked};
use crate::support::{Database, column, integer, sentences, texts};

const TABLE: &str = "_devilmcp_migrations_queue";

/// What each of the two does, in any order.
type Step = fn(&mut Connection) -> Report;
const PROGRAM: [Step; 2] =
    [|conn| notes_v1::MIGRATIONS.upgrade(conn).unwrap(), |conn| notes_v3::MIGRATIONS.upgrade(conn).unwrap()];
const LIBRARY: [Step; 2] =
    [|conn| queue_v1::MIGRATIONS.upgrade(conn).unwrap(), |conn| queue::MIGRATIONS.upgrade(conn).unwrap()];

#[test]
fn in_any_order_the_outcome_is_the_same_and_nobody_sees_drift() {
    let mut made = Vec::new();
    for order in [[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 1, 0], [1, 1, 0, 0]] {
        let database = Database::new();
        let mut at = [0, 0];
        for whose in order {
            let step = [PROGRAM, LIBRARY][whose][at[whose]];
            at[whose] += 1;
            let report = step(&mut database.open());
            assert!(!report.is_noop() && report.drift().is_empty(), "{order:?}: {report:?}");
        }
        let conn = database.open();
        let (program, library) =
            (notes_v3::MIGRATIONS.status(&conn).unwrap(), queue::MIGRATIONS.status(&conn).unwrap());
        assert_eq!((program.current(), library.current()), (Some(3), Some(2)), "{order:?}");
        assert!(program.is_latest() && program.drift().is_empty(), "{:?}", sentences(program.drift()));
        assert!(library.is_latest() && library.drift().is_empty(), "{:?}", sentences(library.drift()));
        assert_eq!(
            (program.other_histories(), library.other_histories()),
            (&[TABLE.to_owned()][..], &["_devilmcp_migrations".to_owned()][..])
        );
        made.push(texts(&conn));
    }
    assert!(made.iter().all(|texts| *texts == made[0]));
}

#[test]
fn each_goes_back_by_itself_and_the_last_leaves_nothing() {
    for program_first in [true, false] {
        let database = both();
        let program = |conn: &mut Connection| notes_v3::MIGRATIONS.downgrade_to(conn, Target::Empty).unwrap();
        let library = |conn: &mut Connection| queue::MIGRATIONS.downgrade_to(conn, Target::Empty).unwrap();
        let of = |conn: &Connection, prefix: &str| {
            texts(conn).iter().filter(|text| text.split(' ').nth(1).unwrap().starts_with(prefix)).count()
        };
        let mut conn = database.open();
        if program_first {
            assert_eq!(program(&mut conn).done().len(), 3);
            assert_eq!(
                (of(&conn, "queue"), queue::MIGRATIONS.version(&conn).unwrap()),
                (2, Some(queue::Version::LATEST))
            );
            assert_eq!(integer(&conn, "PRAGMA user_version"), 0, "the tag went with what it was of");
            library(&mut conn);
        } else {
            assert_eq!(library(&mut conn).done().len(), 2);
            assert!(notes_v3::MIGRATIONS.status(&conn).unwrap().is_latest());
            program(&mut conn);
        }
        assert_eq!(texts(&conn), [""; 0]);
    }
}

#[test]
fn the_field_of_the_header_is_the_programs_and_the_library_reads_its_newest_row() {
    let database = both();
    // Whoever came first finds once that the schema has changed, and notes that it was the other.
    for _ in 0..2 {
        assert!(notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
        assert!(queue::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
    }
    let tag = integer(&database.open(), "PRAGMA user_version");
    let before = database.bytes();
    assert_eq!(asked(&mut database.open()), HEADER_ONLY, "the program's start");
    assert!(queue::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
    assert!(database.bytes() == before, "a start has written");
    // One library moves on: the field stays what it was, as long as the program does not look.
    queue::MIGRATIONS.downgrade_to(&mut database.open(), queue::Version::V0001CreateQueue).unwrap();
    assert_eq!(integer(&database.open(), "PRAGMA user_version"), tag);
    assert!(notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap().drift().is_empty());
    assert_ne!(integer(&database.open(), "PRAGMA user_version"), tag);
    assert_eq!(asked(&mut database.open()), HEADER_ONLY);

    // A library alone leaves the field to whoever comes.
    let database = Database::new();
    queue::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    assert_eq!(integer(&database.open(), "PRAGMA user_version"), 0);
    database.open().execute_batch("PRAGMA user_version = 7").unwrap();
    assert!(queue::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
    queue::MIGRATIONS.downgrade_to(&mut database.open(), Target::Empty).unwrap();
    assert_eq!(integer(&database.open(), "PRAGMA user_version"), 7);
}

#[test]
fn what_somebody_does_to_a_table_is_drift_to_its_history_and_to_no_other() {
    for (change, in_program, in_library) in [
        ("CREATE INDEX by_hand ON notes (body, id)", Some("index `by_hand` is not expected"), None),
        ("DROP INDEX queue_jobs_attempts", None, Some("index `queue_jobs_attempts` is missing")),
        ("ALTER TABLE queue_jobs ADD COLUMN x", None, Some("table `queue_jobs`: column `x` is not expected")),
        // Which of several it should belong to, nobody can say.
        ("CREATE TABLE by_hand (a)", None, None),
    ] {
        let database = both();
        database.open().execute_batch(change).unwrap();
        let seen = |report: &Report| sentences(report.drift()).first().cloned();
        let program = notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        let library = queue::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        assert_eq!((seen(&program).as_deref(), seen(&library).as_deref()), (in_program, in_library), "{change}");
        let refused = |outcome: Result<Report, devilmcp_migrate::Error>| {
            outcome.is_err_and(|error| error.kind() == ErrorKind::Drift)
        };
        let refuse = |conn: &mut Connection| notes_v3::MIGRATIONS.migrator().drift(Drift::Refuse).upgrade(conn);
        assert_eq!(refused(refuse(&mut database.open())), in_program.is_some(), "{change}");
        let refuse = |conn: &mut Connection| queue::MIGRATIONS.migrator().drift(Drift::Refuse).upgrade(conn);
        assert_eq!(refused(refuse(&mut database.open())), in_library.is_some(), "{change}");
    }
}

#[test]
fn two_libraries_of_one_name_do_not_take_each_others_history_for_their_own() {
    let database = Database::new();
    queue::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let before = database.bytes();
    for error in [
        queue_of_another::MIGRATIONS.upgrade(&mut database.open()).unwrap_err(),
        queue_of_another::MIGRATIONS.downgrade_to(&mut database.open(), Target::Empty).unwrap_err(),
    ] {
        assert!(matches!(error.kind(), ErrorKind::Edited | ErrorKind::Newer), "{error}");
    }
    assert!(database.bytes() == before);
    // Nor do their tables become one.
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let error = queue_of_another::MIGRATIONS.upgrade(&mut database.open()).unwrap_err();
    assert!(error.kind() == ErrorKind::Apply && format!("{error:?}").contains("already exists"), "{error:?}");
}

#[test]
fn no_script_touches_the_history_of_another() {
    let database = both();
    let enemy = format!("DELETE FROM {TABLE}");
    database.open().execute("UPDATE _devilmcp_migrations SET down = ?1 WHERE version = 3", [&enemy]).unwrap();
    let error = notes_v2::MIGRATIONS.downgrade_to(&mut database.open(), Target::Latest).unwrap_err();
    assert!(format!("{error:?}").contains("must not touch the history table"), "{error:?}");
    assert!(queue::MIGRATIONS.status(&database.open()).unwrap().is_latest());
}

#[test]
fn a_claim_of_one_is_none_of_the_other() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    queue_alone::MIGRATIONS.upgrade_to(&mut database.open(), queue_alone::Version::V0001Logs).unwrap();
    // As a process leaves it that is killed while it is at it.
    let claim = "CREATE TABLE _devilmcp_migrations_alone_claim (
            token BLOB NOT NULL, action TEXT NOT NULL, process INTEGER NOT NULL, since TEXT NOT NULL, version INTEGER NOT NULL,
            name TEXT NOT NULL, digest BLOB NOT NULL, history BLOB NOT NULL, down TEXT, app_version TEXT
        ) STRICT;
        INSERT INTO _devilmcp_migrations_alone_claim
        SELECT randomblob(16), 'apply', 4711, '2026-01-01T00:00:00.000Z', 2, 'compact', digest, history, NULL, NULL
        FROM _devilmcp_migrations_alone";
    database.open().execute_batch(claim).unwrap();
    let mut conn = database.open();
    conn.busy_timeout(Duration::ZERO).unwrap();
    assert_eq!(queue_alone::MIGRATIONS.upgrade(&mut conn).unwrap_err().kind(), ErrorKind::Interrupted);
    assert_eq!(queue_alone::MIGRATIONS.status(&conn).unwrap().claim().unwrap().number(), 2);
    assert!(notes_v3::MIGRATIONS.status(&conn).unwrap().claim().is_none());
    let nothing = notes_v3::MIGRATIONS.migrator().resolve(&mut conn, Resolution::NotApplied).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::NothingToResolve);
    assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().to(), Some(3));
    queue_alone::MIGRATIONS.migrator().resolve(&mut conn, Resolution::NotApplied).unwrap();
    queue_alone::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().drift().is_empty());
}

#[test]
fn what_existed_before_is_adopted_beside_a_library() {
    for library_first in [true, false] {
        let database = Database::from_dump("create_all_nov.sql");
        let library = || drop(queue::MIGRATIONS.upgrade(&mut database.open()).unwrap());
        if library_first {
            library();
        }
        assert!(devilmcp::MIGRATIONS.upgrade(&mut database.open()).unwrap().drift().is_empty());
        if !library_first {
            library();
        }
        let status = devilmcp::MIGRATIONS.status(&database.open()).unwrap();
        assert!(status.is_latest() && status.applied()[0].is_adopted() && status.drift().is_empty());
        assert!(queue::MIGRATIONS.status(&database.open()).unwrap().is_latest());
    }
}

#[test]
fn both_may_start_at_once() {
    for _ in 0..10 {
        let database = Database::new();
        let open = || {
            let conn = database.open();
            conn.busy_timeout(Duration::from_secs(30)).unwrap();
            conn
        };
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| notes_v3::MIGRATIONS.upgrade(&mut open()).unwrap());
                scope.spawn(|| queue::MIGRATIONS.upgrade(&mut open()).unwrap());
            }
        });
        let conn = database.open();
        assert!(notes_v3::MIGRATIONS.status(&conn).unwrap().is_latest());
        assert!(queue::MIGRATIONS.status(&conn).unwrap().is_latest());
        assert_eq!(column(&conn, "PRAGMA integrity_check"), ["ok"]);
        assert_eq!(integer(&conn, &format!("SELECT count(*) FROM {TABLE}")), 2);
    }
}

#[test]
fn a_fleet_of_the_program_takes_in_what_only_the_library_has_made() {
    let tenants = Tenants::new(0);
    queue::MIGRATIONS.upgrade(&mut tenants.open(0)).unwrap();
    let report = fleet::upgrade(&notes_v3::MIGRATIONS.migrator()).directory(tenants.path()).unwrap();
    assert_eq!(counts(&report), [1, 0, 0, 0]);
    let report = fleet::upgrade(&queue::MIGRATIONS.migrator()).directory(tenants.path()).unwrap();
    assert_eq!(counts(&report), [0, 1, 0, 0]);
}

#[test]
fn the_program_without_files_is_told_which_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let call = |arguments: &str| run(folder.path(), arguments);
    fs::copy(both().path(), folder.path().join("both.db")).unwrap();
    let status = call("status --database both.db").done();
    assert!(status.ends_with(&format!("other histories: {TABLE}\n")) && status.contains("0003"), "{status}");
    let status = call(&format!("status --database both.db --table {TABLE}")).done();
    assert!(
        status.contains("0002     add_attempts") && status.ends_with("other histories: _devilmcp_migrations\n"),
        "{status}"
    );
    let json = call("status --database both.db --json").json(0);
    assert_eq!(json["other_histories"][0], TABLE);
    assert!(call(&format!("check --database both.db --table {TABLE}")).done().contains("add_attempts"));

    let back = call(&format!("downgrade empty --database both.db --table {TABLE}")).done();
    assert!(back.contains("0001     create_queue  reverted"), "{back}");
    let conn = Connection::open(folder.path().join("both.db")).unwrap();
    assert!(notes_v3::MIGRATIONS.status(&conn).unwrap().drift().is_empty());
    queue::MIGRATIONS.upgrade(&mut Connection::open(folder.path().join("library.db")).unwrap()).unwrap();
    for verb in ["status", "version", "history", "downgrade empty", "check"] {
        let ended = call(&format!("{verb} --database library.db"));
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{verb}");
        let said = format!(
            "error: the database has no history in _devilmcp_migrations, but in {TABLE}: say with --table which is meant\n"
        );
        assert_eq!(ended.stderr, said, "{verb}");
    }
    assert_eq!(call("version --database library.db --table queue").code, 2);
    assert_eq!(call(&format!("version --database library.db --table {TABLE}")).done(), "0002_add_attempts\n");

    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/queue");
    let upgrade = format!("upgrade --dir {directory} --database new.db --table {TABLE}");
    assert!(call(&upgrade).done().ends_with("the database is at 0002_add_attempts\n"));
    assert!(queue::MIGRATIONS.upgrade(&mut Connection::open(folder.path().join("new.db")).unwrap()).unwrap().is_noop());
}

/// Two crates as cargo builds them: neither knows the migrations of the other.
#[test]
fn a_library_brings_its_own_to_a_program_that_has_some() {
    let project = Project::new();
    let manifest = |name: &str, rest: &str| {
        let head = format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2024'\n");
        let ours = format!("devilmcp-migrate = {{ {}, features = ['bundled'] }}\n", library());
        format!("{head}\n[dependencies]\n{ours}{rest}\n[build-dependencies]\ndevilmcp-migrate = {{ {} }}\n", library())
    };
    let build = "fn main() { devilmcp_migrate::build::watch(\"migrations\"); }";
    project.write(
        "Cargo.toml",
        &format!("{}\n[workspace]\nmembers = ['queue']\n", manifest("beside", "queue = { path = 'queue' }")),
    );
    project.write("queue/Cargo.toml", &manifest("queue", ""));
    for (from, to) in [("notes_v3", "migrations"), ("queue", "queue/migrations")] {
        for file in fs::read_dir(root().join("tests/fixtures").join(from)).unwrap() {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            project.write(&format!("{to}/{name}"), &fs::read_to_string(file.path()).unwrap());
        }
    }
    project.write("build.rs", build);
    project.write("queue/build.rs", build);
    project.write(
        "queue/src/lib.rs",
        &format!(
            "mod schema {{ devilmcp_migrate::migrations!(\"migrations\", table = \"{TABLE}\"); }}
            use devilmcp_migrate::{{Error, Report, Target, rusqlite::Connection}};
            pub fn prepare(conn: &mut Connection) -> Result<Report, Error> {{ schema::MIGRATIONS.upgrade(conn) }}
            pub fn remove(conn: &mut Connection) -> Result<Report, Error> {{ schema::MIGRATIONS.downgrade_to(conn, Target::Empty) }}"
        ),
    );
    project.write(
        "src/main.rs",
        "use devilmcp_migrate::{Target, rusqlite::Connection};
        devilmcp_migrate::migrations!(\"migrations\");
        fn main() -> Result<(), Box<dyn std::error::Error>> {
            for library_first in [true, false] {
                let mut conn = Connection::open_in_memory()?;
                for library in [library_first, !library_first, true, false] {
                    let report = if library { queue::prepare(&mut conn)? } else { MIGRATIONS.upgrade(&mut conn)? };
                    print!(\"{} {}, \", report.done().len(), report.drift().len());
                }
                for library in [library_first, !library_first] {
                    let report = if library { queue::remove(&mut conn)? } else { MIGRATIONS.downgrade_to(&mut conn, Target::Empty)? };
                    print!(\"{} {}, \", report.done().len(), report.drift().len());
                }
                println!(\"{} left\", conn.query_row(\"SELECT count(*) FROM sqlite_master\", [], |row| row.get::<_, i64>(0))?);
            }
            Ok(())
        }",
    );
    let output = project.cargo("run");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said, "2 0, 3 0, 0 0, 0 0, 2 0, 3 0, 0 left\n3 0, 2 0, 0 0, 0 0, 3 0, 2 0, 0 left\n");
}

/// The program's tables and the library's.
fn both() -> Database {
    let database = Database::new();
    notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    queue::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    database
}
