//! Starts programs at once on one fresh file, and counts those that fail.
//!
//! ```text
//! race ROUNDS PROCESSES [TOOL PROGRAM]...
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::{env, fs, io, process};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let outcome = race(&env::args().skip(1).collect::<Vec<_>>());
    if let Err(error) = &outcome {
        eprintln!("race: {error}");
    }
    if outcome.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn race(args: &[String]) -> Result<()> {
    let [rounds, processes, tools @ ..] = args else {
        return Err("usage: race ROUNDS PROCESSES [TOOL PROGRAM]...".into());
    };
    let (rounds, processes) = (rounds.parse()?, processes.parse()?);
    let work = Work::new()?;
    println!("| tool | starts | failed | failed alone, afterwards | what the failures say |");
    println!("|---|--:|--:|--:|---|");
    for tool in tools.chunks_exact(2) {
        let [name, program] = tool else { continue };
        let mut tally = Tally::default();
        for round in 0..rounds {
            let database = work.0.join(format!("{name} {round}.db"));
            tally.add(&at_once(program, &database, processes)?);
            tally.afterwards += at_once(program, &database, 1)?.len();
        }
        println!("{}", tally.row(name, rounds * processes));
    }
    Ok(())
}

/// What those said that failed.
fn at_once(program: &str, database: &Path, processes: usize) -> Result<Vec<String>> {
    // All wait for the end of their input, which comes when the last of them is there.
    let (gate, gatekeeper) = io::pipe()?;
    let mut command = Command::new(program);
    command.arg("start").arg(database).stdout(Stdio::null()).stderr(Stdio::piped());
    let start = |_| command.stdin(gate.try_clone()?).spawn();
    let children: Vec<Child> = (0..processes).map(start).collect::<io::Result<_>>()?;
    drop(gatekeeper);
    let mut said = Vec::new();
    for child in children {
        let output = child.wait_with_output()?;
        if !output.status.success() {
            said.push(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
    }
    Ok(said)
}

/// What became of the starts of one tool.
#[derive(Default)]
struct Tally {
    failed: usize,
    /// Of the starts that had each database for themselves, after the race for it.
    afterwards: usize,
    said: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, said: &[String]) {
        self.failed += said.len();
        for words in said {
            *self.said.entry(gist(words)).or_default() += 1;
        }
    }

    fn row(&self, name: &str, starts: usize) -> String {
        let mut said: Vec<_> = self.said.iter().collect();
        said.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let said: Vec<String> = said.into_iter().map(|(words, count)| format!("{count} × {words}")).collect();
        let percent = 100.0 * self.failed as f64 / starts as f64;
        format!(
            "| {name} | {starts} | {} ({percent:.0} %) | {} | {} |",
            self.failed,
            self.afterwards,
            if said.is_empty() { "–".to_owned() } else { said.join("; ") }
        )
    }
}

/// A message without its numbers and statements, and in one line that is not too long for a table.
fn gist(words: &str) -> String {
    let mut words = words.to_owned();
    while let Some(start) = words.find("CREATE ") {
        let end = words[start..].find(['\'', '`', '"']).map_or(words.len(), |length| start + length);
        words.replace_range(start..end, "…");
    }
    let mut gist = String::new();
    for letter in words.chars().map(|letter| if letter.is_control() || letter == '|' { ' ' } else { letter }) {
        match letter {
            '0'..='9' if gist.ends_with('#') => {}
            '0'..='9' => gist.push('#'),
            ' ' if gist.ends_with(' ') => {}
            _ => gist.push(letter),
        }
    }
    match gist.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &gist[..end]),
        None => gist,
    }
}

/// A directory that goes when this does.
struct Work(PathBuf);

impl Work {
    fn new() -> Result<Self> {
        let path = env::temp_dir().join(format!("devilmcp-migrate-races-{}", process::id()));
        fs::create_dir(&path).map_err(|error| format!("cannot create {}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // What is left in a temporary directory hurts nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
