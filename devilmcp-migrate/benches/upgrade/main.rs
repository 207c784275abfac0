//! What an upgrade of a new file costs, beside the same SQL in one transaction. See `benches/README.md`.
//!
//! `cargo bench -p devilmcp-migrate --features bundled --bench upgrade [-- --quick]`

#[path = "../expand/cpu.rs"]
mod cpu;
mod measure;
mod new;
#[path = "../start/program.rs"]
#[expect(dead_code, reason = "`start` has another kind of its own")]
mod program;
#[path = "../expand/workload.rs"]
mod workload;

use std::error::Error;
use std::process::Command;

use measure::{Case, Cost, Journal, Who};
use new::Rows;
use workload::Kind;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| *word != "--bench").collect();
    match words.as_slice() {
        ["fingerprint", kind, size] => say(&case(kind, size, Journal::Wal.name())?.fingerprint()?.to_string()),
        ["one", kind, size, journal, who, fingerprint] => {
            let case = case(kind, size, journal)?;
            let who = Who::ALL.into_iter().find(|known| known.name() == *who).ok_or("who?")?;
            let (wall, peak) = case.first(who, fingerprint)?;
            say(&format!("{} {peak}", wall.as_nanos()));
        }
        ["new"] => {
            for rows in [Rows::None, Rows::Checkpoint] {
                say(&new::row(rows)?);
            }
        }
        // `cargo test --all-targets` says nothing.
        _ if words.len() == arguments.len() => {
            say("cargo bench -p devilmcp-migrate --features bundled --bench upgrade [-- --quick]");
        }
        words => {
            let sizes: &[&str] = if words.contains(&"--quick") { &["10", "100"] } else { &["10", "100", "1000"] };
            say(
                "| migrations | N | journal | floor | ratio | of the processor | first in a process | peak over the floor's |",
            );
            say("|---|--:|---|--:|--:|--:|--:|--:|");
            for kind in Kind::ALL {
                for (size, journal) in sizes.iter().flat_map(|size| Journal::ALL.map(|journal| (*size, journal))) {
                    say(&row(kind, size, journal)?);
                }
            }
            say(
                "\n| migrations, released | N | rows | each run | of the summary | ratio | text of it over that of the ups |",
            );
            say("|---|--:|---|--:|--:|--:|--:|");
            for rows in [Rows::None, Rows::Checkpoint] {
                say(&new::row(rows)?);
            }
        }
    }
    Ok(())
}

fn case(kind: &str, size: &str, journal: &str) -> Result<Case, Box<dyn Error>> {
    Ok(Case {
        kind: Kind::ALL.into_iter().find(|known| known.name() == kind).ok_or("no such kind")?,
        size: size.parse()?,
        journal: Journal::ALL.into_iter().find(|known| known.name() == journal).ok_or("no such journal")?,
    })
}

fn row(kind: Kind, size: &str, journal: Journal) -> Result<String, Box<dyn Error>> {
    let case = case(kind.name(), size, journal.name())?;
    let Cost { floor, ratio, processor } = case.measure()?;
    let fingerprint = case.fingerprint()?.to_string();
    let mut firsts: [Vec<f64>; 2] = Default::default();
    let mut peaks = [0_u64; 2];
    for _ in 0..FIRSTS {
        for (at, who) in Who::ALL.into_iter().enumerate() {
            let words = ["one", kind.name(), size, journal.name(), who.name(), &fingerprint];
            let output = Command::new(std::env::current_exe()?).args(words).output()?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into());
            }
            let text = String::from_utf8(output.stdout)?;
            let (wall, peak) = text.trim().split_once(' ').ok_or("two numbers")?;
            firsts[at].push(wall.parse()?);
            peaks[at] = peak.parse()?;
        }
    }
    let [ours, alone] = firsts.map(measure::median);
    let more = i64::try_from(peaks[0])? - i64::try_from(peaks[1])?;
    Ok(format!(
        "| {} | {size} | {} | {:.2} ms | {ratio:.2} | {processor:.2} | {:.2} | {} KiB on {} KiB |",
        kind.name(),
        journal.name(),
        floor.as_secs_f64() * 1e3,
        ours / alone,
        more / 1024,
        peaks[1] / 1024
    ))
}

/// How many processes are asked.
const FIRSTS: usize = 7;

#[expect(clippy::print_stdout, reason = "the table is for whoever runs this")]
fn say(line: &str) {
    println!("{line}");
}
