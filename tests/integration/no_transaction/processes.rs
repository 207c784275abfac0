//! Real processes that start at once, and some that are killed.

use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;
use std::{env, thread};

use clap::Parser as _;
use devilmcp_migrate::Resolution;
use devilmcp_migrate::cli::Db;

use super::made;
use crate::programs::{alone, alone_v1};
use crate::support::{Database, column, integer};

#[test]
fn processes_that_start_at_once_run_each_migration_once() {
    for round in 0..rounds() {
        let database = Database::new();
        let processes: Vec<Child> = (0..4).map(|_| start(&database, UPGRADE)).collect();
        let mut done: Vec<String> = Vec::new();
        for process in processes {
            let output = process.wait_with_output().unwrap();
            let stdout = String::from_utf8(output.stdout).unwrap();
            assert!(output.status.success(), "round {round}: {stdout}");
            done.extend(stdout.lines().filter_map(|line| line.trim().strip_prefix("\"name\": ")).map(str::to_owned));
        }
        done.sort();
        let each = ["compact", "levels", "logs", "wal"].map(|name| format!("\"{name}\","));
        assert_eq!(done, each, "round {round}");
    }
}

#[test]
fn a_process_that_is_killed_leaves_what_can_be_resolved() {
    for round in 0..rounds() {
        let database = Database::new();
        let mut conn = database.open();
        alone_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
        let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO logs SELECT i, hex(randomblob(50)) FROM n";
        conn.execute_batch(rows).unwrap();
        drop(conn);
        let mut process = start(&database, UPGRADE);
        thread::sleep(Duration::from_millis(u64::from(round) * 3));
        process.kill().unwrap();
        process.wait().unwrap();

        let mut conn = database.open();
        assert_eq!(column(&conn, "PRAGMA integrity_check"), ["ok"], "round {round}");
        let status = alone::MIGRATIONS.status(&conn).unwrap();
        assert!(status.drift().is_empty(), "round {round}");
        if let Some(claim) = status.claim() {
            let (page_size, _, journal) = made(&conn);
            let is_done = if claim.number() == 2 { page_size == 8192 } else { journal == "wal" };
            let found = if is_done { Resolution::Applied } else { Resolution::NotApplied };
            alone::MIGRATIONS.migrator().resolve(&mut conn, found).unwrap();
        }
        alone::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!(made(&conn), (8192, 2, "wal".to_owned()), "round {round}");
        assert_eq!(integer(&conn, "SELECT count(*) FROM logs"), 20_000);
    }
}

#[test]
fn a_dry_run_shows_the_parts() {
    let database = Database::new();
    let output = start(&database, "upgrade --dry-run").wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let parts = stdout.lines().skip_while(|line| !line.starts_with("in parts")).take(5).collect::<Vec<_>>();
    let expected = [
        "in parts, one after the other:",
        "  0001: all or nothing",
        "  0002: outside of a transaction",
        "  0003: outside of a transaction",
        "  0004: all or nothing, foreign keys enforced",
    ];
    assert_eq!(parts, expected, "{stdout}");
}

/// What the processes of the tests above do: they are this program, told to run this test.
#[test]
fn one_of_the_processes() {
    let (Some(path), Ok(verb)) = (env::var_os(DATABASE), env::var(VERB)) else { return };
    let db = CommandLine::parse_from(["db"].into_iter().chain(verb.split(' '))).db;
    let exit = db.run(&alone::MIGRATIONS, path.as_ref());
    assert_eq!(exit == ExitCode::SUCCESS, verb == UPGRADE);
}

#[derive(clap::Parser)]
struct CommandLine {
    #[command(subcommand)]
    db: Db,
}

fn start(database: &Database, verb: &str) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "no_transaction::processes::one_of_the_processes", "--nocapture"]);
    command.env(DATABASE, database.path()).env(VERB, verb);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn rounds() -> u32 {
    env::var("DEVILMCP_MIGRATE_RACE_ROUNDS").map_or(10, |rounds| rounds.parse().unwrap())
}

const DATABASE: &str = "DEVILMCP_MIGRATE_TEST_DATABASE";
const VERB: &str = "DEVILMCP_MIGRATE_TEST_VERB";
const UPGRADE: &str = "upgrade --json";
