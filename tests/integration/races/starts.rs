//! Processes that all stand at the start before the first may go.

use std::env;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Done, Error, Report};

use crate::programs::{alone, devilmcp, enforced};

/// What the processes upgrade with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Program {
    Devilmcp,
    Alone,
    Enforced,
}

/// Starts so many processes at once, does something else meanwhile, and returns which migrations each has applied.
pub(super) fn at_once<T>(
    program: Program,
    database: &Path,
    processes: usize,
    meanwhile: impl FnOnce() -> T,
) -> (Vec<Vec<i64>>, T) {
    let (gate, gatekeeper) = io::pipe().unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "races::starts::one_start", "--nocapture"]);
    command.env(PROGRAM, format!("{program:?}")).env(DATABASE, database);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let start = |_| command.stdin(gate.try_clone().unwrap()).spawn().unwrap();
    let children: Vec<Child> = (0..processes).map(start).collect();
    drop(gatekeeper);
    let seen = meanwhile();
    (children.into_iter().map(done).collect(), seen)
}

/// What such a process does: it is this program, told to run this test.
#[test]
#[expect(clippy::print_stdout, reason = "it is read by the process that has started this one")]
fn one_start() {
    let (Ok(program), Some(database)) = (env::var(PROGRAM), env::var_os(DATABASE)) else { return };
    let upgrade: fn(&mut Connection) -> Result<Report, Error> = match program.as_str() {
        "Devilmcp" => |conn| devilmcp::MIGRATIONS.upgrade(conn),
        "Alone" => |conn| alone::MIGRATIONS.upgrade(conn),
        "Enforced" => |conn| enforced::MIGRATIONS.upgrade(conn),
        other => panic!("no program is called {other}"),
    };
    io::stdin().read_to_end(&mut Vec::new()).unwrap();
    let mut conn = Connection::open(database).unwrap();
    conn.busy_timeout(TIMEOUT).unwrap();
    let report = upgrade(&mut conn).unwrap();
    println!("{APPLIED}{:?}", report.done().iter().map(Done::number).collect::<Vec<_>>());
}

/// What it has applied. It must not have failed.
fn done(child: Child) -> Vec<i64> {
    let output = child.wait_with_output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{}: {stdout}{stderr}", output.status);
    let applied = stdout.lines().find_map(|line| line.split_once(APPLIED)).unwrap().1;
    let numbers = applied.trim_matches(['[', ']']).split(", ").filter(|number| !number.is_empty());
    numbers.map(|number| number.parse().unwrap()).collect()
}

/// As long as the processes wait for each other.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

const APPLIED: &str = "applied: ";
const PROGRAM: &str = "DEVILMCP_MIGRATE_TEST_PROGRAM";
const DATABASE: &str = "DEVILMCP_MIGRATE_TEST_RACE";
