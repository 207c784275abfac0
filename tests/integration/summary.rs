//! New databases that are made of a summary, and where each migration is run all the same.

use std::sync::{Arc, Mutex};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Drift, Event, Migrations, Migrator, Target, Versioned as _};
use devilmcp_migrate_core::check::{Judged, Trust};
use devilmcp_migrate_core::prove::Summary;

use crate::checkpoint::{self, said};
use crate::generated::{self, Version};
use crate::support::{Database, column, integer, texts};

/// Of which the first four are released.
const UPS: [&str; 5] = [
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);",
    "CREATE INDEX by_body ON notes (body);",
    "DROP INDEX by_body; ALTER TABLE notes ADD COLUMN at TEXT;",
    "CREATE UNIQUE INDEX by_time ON notes (at, id);",
    "CREATE TABLE labels (name TEXT); CREATE INDEX labels_by_name ON labels (name);",
];
const SUMMARY: &str = "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, at TEXT);
CREATE UNIQUE INDEX by_time ON notes (at, id);";

#[test]
fn what_the_summary_stands_for_is_not_run_and_told_of_like_any_other() {
    let program = program(SUMMARY);
    let mut conn = Connection::open_in_memory().unwrap();
    let (events, migrator) = heard(program.migrator());
    let report = migrator.upgrade(&mut conn).unwrap();
    assert_eq!(report.done().len(), 5);
    let one = |number| [format!("applying {number:04}_step"), format!("applied {number:04}_step")];
    let mut expected: Vec<String> = (1..=4).flat_map(one).collect();
    expected.push("applying 0005_step".to_owned());
    expected.extend([
        "0005_step: statement 1 of 2, line 1: CREATE TABLE labels (name TEXT)".to_owned(),
        "0005_step: statement 2 of 2, line 1: CREATE INDEX labels_by_name ON labels (name)".to_owned(),
    ]);
    expected.push("applied 0005_step".to_owned());
    assert_eq!(*events.lock().unwrap(), expected);
    assert_eq!(texts(&conn), texts(&run_each(&program)));
    let recorded = "SELECT count(*) FROM _devilmcp_migrations WHERE duration_us >= 0 AND applied_at LIKE '20%'";
    assert_eq!(integer(&conn, recorded), 5);
    assert!(program.upgrade(&mut conn).unwrap().is_noop());
}

#[test]
fn a_file_and_one_in_memory_are_made_alike() {
    let program = program(SUMMARY);
    let database = Database::new();
    program.migrator().drift(Drift::Refuse).upgrade(&mut database.open()).unwrap();
    assert_eq!(texts(&database.open()), texts(&program.open_in_memory().unwrap()));
    assert!(program.status(&database.open()).unwrap().drift().is_empty());
}

#[test]
fn where_anything_is_otherwise_each_migration_is_run() {
    let program = program(SUMMARY);
    let memory = |sql: &str| {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(sql).unwrap();
        conn
    };
    let run = |conn: &mut Connection, migrator: Migrator<'_, Version>, target: Target<Version>| {
        let (events, migrator) = heard(migrator);
        migrator.upgrade_to(conn, target).unwrap();
        let is_statement = |event: &&String| event.starts_with("0001_step: statement");
        events.lock().unwrap().iter().filter(is_statement).count()
    };
    let three = version(3);
    for (what, mut conn, migrator, target) in [
        ("something is there", memory("CREATE TABLE other (a)"), program.migrator(), Target::Latest),
        ("a temporary table", memory("CREATE TEMP TABLE other (a)"), program.migrator(), Target::Latest),
        ("wide text", memory("PRAGMA encoding = 'UTF-16le'"), program.migrator(), Target::Latest),
        ("a hook", memory(""), program.migrator().after(three, |_| Ok(())), Target::Latest),
        ("the caller wants it", memory(""), program.migrator().without_summary(), Target::Latest),
        ("not as far as that", memory(""), program.migrator(), three.into()),
    ] {
        assert_eq!(run(&mut conn, migrator, target), 1, "{what}");
        assert!(program.upgrade(&mut conn).unwrap().drift().iter().all(|drift| drift.name() == "other"), "{what}");
    }
    // Beside a migration that the summary does not stand for, a hook is in nobody's way.
    let migrator = program.migrator().after(version(5), |_| Ok(()));
    assert_eq!(run(&mut memory(""), migrator, Target::Latest), 0);
}

#[test]
fn a_summary_that_does_not_work_here_changes_nothing() {
    for sql in ["CREATE TABLE notes (id); nonsense", "CREATE TABLE notes (id); CREATE TABLE notes (id)", "COMMIT"] {
        let program = program(sql);
        let mut conn = Connection::open_in_memory().unwrap();
        assert_eq!(program.upgrade(&mut conn).unwrap().done().len(), 5, "{sql}");
        assert_eq!(texts(&conn), texts(&run_each(&program)), "{sql}");
    }
}

#[test]
fn what_was_made_at_once_is_undone_one_by_one() {
    let scripts = UPS.map(|up| (up.to_owned(), Some(way_back(up).to_owned())));
    let program = generated::of(&scripts, fingerprint(), Some((4, SUMMARY))).unwrap();
    let mut conn = Connection::open_in_memory().unwrap();
    program.upgrade(&mut conn).unwrap();
    program.downgrade_to(&mut conn, version(2)).unwrap();
    let expected = [
        "index by_body CREATE INDEX by_body ON notes (body)",
        "table notes CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)",
    ];
    assert!(expected.iter().all(|text| texts(&conn).contains(&(*text).to_owned())), "{:?}", texts(&conn));
    assert_eq!(texts(&conn).len(), 3);
    program.downgrade_to(&mut conn, Target::Empty).unwrap();
    assert_eq!(texts(&conn), <[String; 0]>::default());
}

/// Enough of them, and short enough what they make.
#[test]
fn there_is_a_summary_of_what_is_locked_where_it_is_certain_and_worth_the_while() {
    let many = |count: usize, first: &str| -> Vec<String> {
        let turn = |at: usize| if at.is_multiple_of(2) { "CREATE INDEX i ON a (b);" } else { "DROP INDEX i;" };
        (0..count).map(|at| if at == 0 { first.to_owned() } else { turn(at - 1).to_owned() }).collect()
    };
    let table = "CREATE TABLE a (b TEXT);\n";
    let filled = format!("{table}INSERT INTO a VALUES ('c');");
    let stamped = format!("{table}INSERT INTO a VALUES (datetime('now'));");
    let last = |summary: &Option<Summary>| summary.as_ref().map(|summary| summary.last.get());
    for (ups, checkpoint, expected) in [
        (many(200, table), false, Some(200)),
        (many(200, table), true, Some(200)),
        (many(199, table), false, None),
        (many(200, &filled), false, None),
        (many(200, &filled), true, Some(200)),
        (many(200, &stamped), false, None),
        (many(200, &format!("{table}PRAGMA case_sensitive_like = ON;")), false, None),
        (many(200, &format!("{table}CREATE TEMP TABLE t (a);")), false, None),
        ((0..200).map(|at| format!("CREATE TABLE t{at} (a);")).collect(), false, None),
    ] {
        let texts: Vec<&str> = ups.iter().map(String::as_str).collect();
        let migrations = checkpoint::Migrations::locked(&texts);
        if checkpoint {
            migrations.freeze(ups.len()).unwrap();
        }
        let checked = migrations.check(Judged::Unlocked, Trust::Taken);
        let summary = checked.proof.as_ref().unwrap_or_else(|| panic!("{}", said(&checked))).summary.clone();
        assert_eq!(last(&summary), expected, "{} of {}", ups.len(), ups[0]);
        if let Some(Summary { sql, .. }) = summary {
            assert!(sql.starts_with("CREATE TABLE a (b TEXT)"), "{sql}");
        }
        // What comes after is not in it.
        migrations.write("0201_m.sql", "-- migrate: irreversible\nCREATE TABLE z (a);");
        if ups.len() == 200 {
            let checked = migrations.check(Judged::Unlocked, Trust::Taken);
            assert_eq!(last(&checked.proof.unwrap().summary), expected, "and a draft after {}", ups[0]);
        }
    }
}

fn program(summary: &str) -> Migrations<Version> {
    let scripts = UPS.map(|up| (up.to_owned(), None));
    generated::of(&scripts, fingerprint(), Some((4, summary))).unwrap()
}

fn version(number: i64) -> Version {
    Version::from_number(number).unwrap()
}

fn fingerprint() -> devilmcp_migrate_core::digest::Digest {
    generated::fingerprint(UPS).unwrap()
}

fn way_back(up: &str) -> &'static str {
    match UPS.iter().position(|known| *known == up) {
        Some(0) => "DROP TABLE notes;",
        Some(1) => "DROP INDEX by_body;",
        Some(2) => "ALTER TABLE notes DROP COLUMN at; CREATE INDEX by_body ON notes (body);",
        Some(3) => "DROP INDEX by_time;",
        _ => "DROP TABLE labels;",
    }
}

fn run_each(program: &Migrations<Version>) -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    program.migrator().without_summary().upgrade(&mut conn).unwrap();
    assert_eq!(column(&conn, "PRAGMA integrity_check"), ["ok"]);
    conn
}

/// What is told of migrations and their statements; times are left out.
fn heard(migrator: Migrator<'_, Version>) -> (Arc<Mutex<Vec<String>>>, Migrator<'_, Version>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&events);
    let migrator = migrator.on_event(move |event| match event {
        Event::MigrationStarted { .. } | Event::Statement { .. } => heard.lock().unwrap().push(event.to_string()),
        Event::MigrationFinished { done, .. } => {
            heard.lock().unwrap().push(format!("applied {:04}_{}", done.number(), done.name()));
        }
        _ => {}
    });
    (events, migrator)
}
