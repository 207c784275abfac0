//! Real processes, killed at any moment.

use std::env;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_vfs::Image;
use tempfile::TempDir;

use crate::law::Tally;
use crate::scenario::{Kind, Scenario};

#[test]
fn whenever_a_process_is_killed_nothing_is_lost() {
    let rounds: usize = env::var("DEVILMCP_MIGRATE_KILL_ROUNDS").map_or(200, |rounds| rounds.parse().unwrap());
    let scenarios = Scenario::all();
    // Of each scenario, how long it takes; the first round lets it live.
    let mut lengths = vec![Duration::ZERO; scenarios.len()];
    let (mut tally, mut killed) = (Tally::default(), 0);
    for round in 0..rounds {
        let number = round % scenarios.len();
        let (scenario, length) = (&scenarios[number], &mut lengths[number]);
        let site = Site::new(scenario);
        let mut process = site.start(scenario);
        if length.is_zero() {
            let started = Instant::now();
            assert!(process.wait().unwrap().success());
            *length = started.elapsed();
        } else {
            thread::sleep(length.mul_f64(share()));
            process.kill().unwrap();
            killed += usize::from(!process.wait().unwrap().success());
        }
        tally.note(format_args!("{}, round {round}", scenario.name), scenario.holds(&site.image(), None));
    }
    tally.end(&format!("processes, of which {killed} were killed in the middle"));
    assert!(killed * 3 > rounds, "most were faster than those who were to kill them: {killed} of {rounds}");
}

/// What the processes do: each is this program, told to run this test.
#[test]
fn one_of_the_processes() {
    let (Ok(kind), Some(path)) = (env::var(KIND), env::var_os(DATABASE)) else { return };
    let mut conn = Connection::open(path).unwrap();
    let kind = Kind::ALL[kind.parse::<usize>().unwrap()];
    let mut out = std::io::stdout();
    out.write_all(format!("\n{READY}\n").as_bytes()).unwrap();
    out.flush().unwrap();
    kind.run(&mut conn, env::var_os(DOWN).is_some()).unwrap();
}

/// A folder with a database in it.
struct Site(TempDir);

impl Site {
    fn new(scenario: &Scenario) -> Self {
        let site = Self(TempDir::new().unwrap());
        for (name, bytes) in &scenario.start {
            fs::write(site.0.path().join(name), bytes).unwrap();
        }
        site
    }

    fn database(&self) -> PathBuf {
        self.0.path().join("test.db")
    }

    /// Starts a process, and returns when it is about to begin.
    fn start(&self, scenario: &Scenario) -> Child {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "kills::one_of_the_processes", "--nocapture"]);
        command.env(DATABASE, self.database()).env(KIND, (scenario.kind as usize).to_string());
        if scenario.is_down {
            command.env(DOWN, "1");
        }
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        while line.trim_end() != READY {
            line.clear();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it begins");
        }
        // What it says at its end goes nowhere, but has to go.
        process.stdout = Some(out.into_inner());
        process
    }

    /// What the process has left, but for the memory that it has shared with others.
    fn image(&self) -> Image {
        let files = fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap());
        let files = files.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()));
        files.filter(|(name, _)| !name.ends_with("-shm")).collect()
    }
}

/// Between 0 and a little more than 1.
fn share() -> f64 {
    f64::from(u32::try_from(RandomState::new().hash_one(()) >> 32).unwrap()) / f64::from(u32::MAX) * 1.1
}

const DATABASE: &str = "DEVILMCP_MIGRATE_KILL_DATABASE";
const KIND: &str = "DEVILMCP_MIGRATE_KILL_KIND";
const DOWN: &str = "DEVILMCP_MIGRATE_KILL_DOWN";
const READY: &str = "about to begin";
