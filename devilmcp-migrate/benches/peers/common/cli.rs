//! The command line that every peer's program has:
//!
//! ```text
//! PEER start DATABASE   waits for the end of its input, opens DATABASE and applies what is pending; an error goes to
//!                       standard error
//! ```

use std::error::Error;
use std::io::{self, Read as _};
use std::process::ExitCode;
use std::time::Duration;

/// As long as a start waits for the others.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// `start` opens the database, applies what is pending and closes it.
pub fn run(start: impl FnOnce(&str) -> Result<(), Box<dyn Error>>) -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [verb, database] = args.as_slice() else { return usage() };
    if verb != "start" {
        return usage();
    }
    let outcome = io::stdin().read_to_end(&mut Vec::new()).map_err(Into::into).and_then(|_| start(database));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: PEER start DATABASE");
    ExitCode::from(2)
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
