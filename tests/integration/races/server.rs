//! Processes of the example server: one migrates, the others wait and find nothing to do.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use devilmcp_migrate::rusqlite::{Connection, OpenFlags, TransactionBehavior};
use serde_json::Value;
use tempfile::TempDir;

use super::rounds;
use crate::support;

#[test]
fn two_processes_on_a_fresh_file_migrate_it_once() {
    let expected = Outcome::of_one_process();
    for round in 0..rounds() {
        let site = Site::new();
        let applied = site.race(2, || {});
        assert_eq!(applied, [0, 12], "round {round}");
        assert_eq!(site.outcome(), expected, "round {round}");
    }
}

/// While the parent holds the write lock, readers pass: every process sees everything pending and then waits for the lock.
/// All but one have seen what is no longer so when they get it.
#[test]
fn what_was_seen_before_the_lock_is_looked_at_again_under_it() {
    let expected = Outcome::of_one_process();
    for round in 0..rounds().div_ceil(10) {
        let site = Site::new();
        let mut conn = Connection::open(site.database()).unwrap();
        let lock = conn.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let applied = site.race(3, || {
            std::thread::sleep(Duration::from_millis(60));
            lock.rollback().unwrap();
        });
        assert_eq!(applied, [0, 0, 12], "round {round}");
        assert_eq!(site.outcome(), expected, "round {round}");
    }
}

#[test]
fn eight_processes_adopt_a_legacy_database_once() {
    for journal in ["delete", "wal"] {
        let one = Site::legacy(journal);
        assert_eq!(one.race(1, || {}), [12]);
        let expected = one.outcome();
        for round in 0..rounds().div_ceil(7) {
            let site = Site::legacy(journal);
            let applied = site.race(8, || {});
            assert_eq!(applied, [0, 0, 0, 0, 0, 0, 0, 12], "{journal}, round {round}");
            assert_eq!(site.outcome(), expected, "{journal}, round {round}");
        }
    }
}

/// A directory for one round.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn legacy(journal: &str) -> Self {
        let site = Self::new();
        let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/legacy/create_all_nov.sql");
        support::database_from_dump(&dump, &site.database());
        let conn = Connection::open(site.database()).unwrap();
        conn.pragma_update(None, "journal_mode", journal).unwrap();
        site
    }

    fn database(&self) -> PathBuf {
        self.0.path().join("devilmcp.db")
    }

    /// Starts so many processes back to back, does something else meanwhile, and returns how many migrations each has
    /// applied, sorted. None may fail, and none may have anything to say about it.
    fn race(&self, processes: usize, meanwhile: impl FnOnce()) -> Vec<usize> {
        let mut command = Command::new(support::example("devilmcp"));
        command.args(["db", "upgrade", "--json"]).env("DEVILMCP_STORAGE_PATH", self.0.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let children: Vec<_> = (0..processes).map(|_| command.spawn().unwrap()).collect();
        meanwhile();
        let applied = children.into_iter().map(|child| {
            let output = child.wait_with_output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success() && stderr.is_empty(), "{}: {stderr}", output.status);
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(report["to"], 12);
            report["done"].as_array().unwrap().len()
        });
        let mut applied: Vec<usize> = applied.collect();
        applied.sort_unstable();
        applied
    }

    fn outcome(&self) -> Outcome {
        let conn = Connection::open_with_flags(self.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let texts = |query: &str| -> Vec<String> {
            let mut statement = conn.prepare(query).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.collect::<Result<_, _>>().unwrap()
        };
        Outcome {
            history: texts(
                "SELECT format('%d %s %s', version, name, hex(history)) FROM _devilmcp_migrations ORDER BY 1",
            ),
            schema: texts("SELECT format('%s %s %s %s', type, name, tbl_name, sql) FROM sqlite_schema ORDER BY 1"),
            violations: texts("SELECT format('%s %d', \"table\", rowid) FROM pragma_foreign_key_check ORDER BY 1"),
            integrity: texts("PRAGMA integrity_check"),
            rows: texts("SELECT format('%s', title) FROM tasks UNION ALL SELECT name FROM tools ORDER BY 1"),
        }
    }
}

/// What a run leaves, but for the time it took.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    history: Vec<String>,
    schema: Vec<String>,
    violations: Vec<String>,
    integrity: Vec<String>,
    rows: Vec<String>,
}

impl Outcome {
    fn of_one_process() -> Self {
        let site = Site::new();
        assert_eq!(site.race(1, || {}), [12]);
        let outcome = site.outcome();
        assert_eq!(outcome.history.len(), 12);
        assert_eq!(outcome.integrity, ["ok"]);
        outcome
    }
}
