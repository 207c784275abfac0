//! The command line that every peer's program has:
//!
//! ```text
//! PEER start DATABASE               waits for the end of its input, then opens DATABASE and applies what is pending
//! PEER apply DATABASE MODE          opens DATABASE, applies what is pending, and prints the most memory that it has had, in KiB
//! PEER loop DATABASE MODE ROUNDS    the same so many times; prints how many nanoseconds half of them took at most
//! ```
//!
//! MODE is `default`, `wal`, or a word of the peer's own. An error goes to standard error.

use std::error::Error;
use std::io::{self, Read as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

/// As long as a start waits for the others.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

pub type Outcome = Result<(), Box<dyn Error>>;

/// `start` opens the database, applies what is pending in this mode, and closes it.
pub fn run(start: impl FnMut(&str, &str) -> Outcome) -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match obey(&args, start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn obey(args: &[&str], mut start: impl FnMut(&str, &str) -> Outcome) -> Outcome {
    match *args {
        ["start", database] => {
            io::stdin().read_to_end(&mut Vec::new())?;
            start(database, "default")
        }
        ["apply", database, mode] => {
            start(database, mode)?;
            println!("{}", peak().unwrap_or_default());
            Ok(())
        }
        ["loop", database, mode, rounds] => repeat(rounds.parse()?, || start(database, mode)),
        _ => Err("usage: PEER start DATABASE | apply DATABASE MODE | loop DATABASE MODE ROUNDS".into()),
    }
}

/// Prints the median of the nanoseconds that it takes.
pub fn repeat(rounds: usize, mut act: impl FnMut() -> Outcome) -> Outcome {
    let mut times = Vec::new();
    for _ in 0..rounds {
        let started = Instant::now();
        act()?;
        times.push(started.elapsed().as_nanos());
    }
    times.sort_unstable();
    println!("{}", times.get(rounds / 2).ok_or("no rounds")?);
    Ok(())
}

fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// The error and its causes, each once: some say what their cause says.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}
