//! However many start, whatever the database was, and whoever else has it open.

use std::fs;
use std::path::Path;

use devilmcp_migrate::rusqlite::Connection;

use super::company::Company;
use super::rounds;
use super::starts::{Program, at_once};
use crate::programs::{alone, devilmcp, enforced};
use crate::support::{Database, column, integer, texts};

#[test]
fn programs_that_start_on_a_fresh_database_migrate_it_once() {
    race("fresh", 12, |_| {});
}

#[test]
fn programs_that_start_on_a_database_that_is_behind_migrate_it_once() {
    race("behind", 6, |conn| {
        devilmcp::MIGRATIONS.upgrade_to(conn, devilmcp::Version::V0006MetaTable).unwrap();
    });
}

#[test]
fn programs_that_start_on_a_database_that_is_up_to_date_do_nothing() {
    race("up to date", 0, |conn| {
        devilmcp::MIGRATIONS.upgrade(conn).unwrap();
    });
}

/// Each then finds that the header proves nothing, and would write it anew.
#[test]
fn nor_do_they_after_a_vacuum() {
    race("up to date, vacuumed", 0, |conn| {
        devilmcp::MIGRATIONS.upgrade(conn).unwrap();
        conn.execute_batch("VACUUM").unwrap();
    });
}

/// What a process has left that was killed is for the first to take back, under a lock that SQLite does not wait for.
#[test]
fn programs_that_start_after_a_crash_migrate_what_was_there_before_it() {
    for round in 0..sweeps() {
        for (at, journal) in JOURNALS.into_iter().enumerate() {
            let processes = SIZES[(round * 2 + at) % SIZES.len()];
            let crashed = crashed(journal);
            let (mut applied, ()) = at_once(Program::Devilmcp, &crashed.path(), processes, || {});
            applied.sort();
            assert_eq!(applied.concat(), (7..=12).collect::<Vec<_>>(), "{journal}, {processes} processes");
            check(&crashed);
        }
    }
}

#[test]
fn programs_share_what_is_done_in_several_transactions_or_in_none() {
    for round in 0..sweeps() {
        for (program, latest) in [(Program::Alone, 4), (Program::Enforced, 5)] {
            for (at, company) in COMPANY.into_iter().enumerate() {
                let processes = SIZES[(round + 1 + at * 2) % SIZES.len()];
                let database = Database::new();
                let starts = |meanwhile: Box<dyn FnOnce()>| at_once(program, &database.path(), processes, meanwhile);
                let (applied, ()) = company.around(&database, starts);
                let mut applied = applied.concat();
                applied.sort_unstable();
                assert_eq!(
                    applied,
                    (1..=latest).collect::<Vec<_>>(),
                    "{program:?}, {processes} processes, {company:?}"
                );
                let mut conn = database.open();
                assert_eq!(column(&conn, "PRAGMA integrity_check"), ["ok"]);
                let last = match program {
                    Program::Alone => alone::MIGRATIONS.upgrade(&mut conn),
                    _ => enforced::MIGRATIONS.upgrade(&mut conn),
                };
                assert!(last.unwrap().is_noop());
            }
        }
    }
}

/// Rollback journal and WAL, every company, and from two processes to 32.
fn race(shape: &str, pending: i64, prepare: impl Fn(&mut Connection)) {
    let mut case = 0;
    for _ in 0..sweeps() {
        for journal in JOURNALS {
            for company in COMPANY {
                let processes = SIZES[case % SIZES.len()];
                let at = format!("{shape}, {journal}, {processes} processes, {company:?}");
                let database = Database::new();
                let mut conn = database.open();
                conn.pragma_update(None, "journal_mode", journal).unwrap();
                prepare(&mut conn);
                drop(conn);
                let starts = |meanwhile| at_once(Program::Devilmcp, &database.path(), processes, meanwhile);
                let (mut applied, ()) = company.around(&database, starts);
                applied.sort();
                let last = applied.pop().unwrap();
                assert_eq!(last, (13 - pending..=12).collect::<Vec<_>>(), "{at}");
                assert!(applied.iter().all(Vec::is_empty), "{at}: {applied:?}");
                check(&database);
                case += 1;
            }
        }
    }
}

/// The database is at the head, whole, and as one process would have made it.
fn check(database: &Database) {
    let conn = database.open();
    assert_eq!(column(&conn, "PRAGMA integrity_check"), ["ok"]);
    assert!(column(&conn, "SELECT \"table\" FROM pragma_foreign_key_check").is_empty());
    let status = devilmcp::MIGRATIONS.status(&conn).unwrap();
    assert!(status.is_latest() && status.drift().is_empty(), "{status:?}");
    assert_eq!(status.applied().len(), 12);
    assert_eq!(texts(&conn), texts(&devilmcp::MIGRATIONS.open_in_memory().unwrap()));
}

/// The files as a process leaves them that is killed while it writes: a journal that has to be played back, or a WAL file
/// without an index.
fn crashed(journal: &str) -> Database {
    let database = Database::new();
    let mut conn = database.open();
    conn.pragma_update(None, "journal_mode", journal).unwrap();
    devilmcp::MIGRATIONS.upgrade_to(&mut conn, devilmcp::Version::V0006MetaTable).unwrap();
    // More than the cache holds, so that it reaches the file before it is committed.
    conn.execute_batch(
        "PRAGMA cache_size = 2; BEGIN; CREATE TABLE lost (a); INSERT INTO lost VALUES (zeroblob(500000))",
    )
    .unwrap();
    let left = Database::new();
    let suffix = if journal == "wal" { "-wal" } else { "-journal" };
    for suffix in ["", suffix] {
        let file = |path: &Path| format!("{}{suffix}", path.display());
        fs::copy(file(&database.path()), file(&left.path())).unwrap();
    }
    let grown = fs::metadata(left.path()).unwrap().len() > 500_000;
    assert_eq!(grown, journal == "delete", "what was not committed is in the file, or in the WAL");
    assert_eq!(integer(&conn, "SELECT count(*) FROM lost"), 1);
    left
}

/// How often each of them is run.
fn sweeps() -> usize {
    rounds().div_ceil(20)
}

const JOURNALS: [&str; 2] = ["delete", "wal"];
const COMPANY: [Company; 3] = [Company::Nobody, Company::Reader, Company::Writer];
const SIZES: [usize; 7] = [2, 32, 4, 16, 3, 8, 24];
