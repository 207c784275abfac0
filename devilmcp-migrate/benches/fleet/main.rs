//! How many databases a second a fleet's upgrade gets through, in multiples of the same writes done by hand by as many threads.
//!
//! `cargo bench -p devilmcp-migrate --features bundled --bench fleet`; `-- --quick` at the end does it once.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::cast_precision_loss, reason = "some thousands")]

mod by_hand;
#[path = "../start/program.rs"]
mod program;

use std::error::Error;
use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Instant;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Migrations, fleet};
use program::Version;
use tempfile::TempDir;

fn main() -> Result<(), Box<dyn Error>> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // `cargo test --all-targets` measures nothing.
        return Ok(());
    }
    let rounds = if std::env::args().any(|argument| argument == "--quick") { 1 } else { 10 };
    let migrations = program::of_tables(TABLES)?;
    println!("| to do | journal | jobs | by hand, files a second | ours | ratio of times |");
    println!("|---|---|--:|--:|--:|--:|");
    for (name, journal) in [("rollback", "DELETE"), ("WAL", "WAL")] {
        for jobs in [1, 8, 32] {
            measure(&migrations, rounds, name, journal, NonZeroUsize::new(jobs).unwrap_or(NonZeroUsize::MIN))?;
        }
    }
    Ok(())
}

/// The same files upgraded by hand and by us, in turns; and then once more, when there is nothing to do.
fn measure(
    migrations: &Migrations<Version>,
    rounds: usize,
    name: &str,
    journal: &str,
    jobs: NonZeroUsize,
) -> Result<(), Box<dyn Error>> {
    let mut times: [Vec<f64>; 4] = Default::default();
    for round in 0..rounds {
        let [(_one, by_hand), (_other, ours)] = [fleet_of(journal)?, fleet_of(journal)?];
        let migrator = migrations.migrator();
        let upgrade = fleet::upgrade(&migrator).jobs(jobs);
        let hand = || {
            let first = timed(|| by_hand::upgrade(migrations, &by_hand, jobs))?;
            Ok::<_, Box<dyn Error>>([first, timed(|| by_hand::look(&by_hand, jobs))?])
        };
        let us = || {
            let first = timed(|| all(&upgrade.files(&ours), FILES, 0))?;
            Ok::<_, Box<dyn Error>>([first, timed(|| all(&upgrade.files(&ours), 0, FILES))?])
        };
        // Who comes first pays for what the disk had to do before.
        let ([hand, looked], [ours, nothing]) = if round % 2 == 0 {
            (hand()?, us()?)
        } else {
            let ours = us()?;
            (hand()?, ours)
        };
        for (times, time) in times.iter_mut().zip([hand, ours, looked, nothing]) {
            times.push(time);
        }
    }
    let [hand, ours, looked, nothing] = times;
    for (to_do, floor, ours) in [("ten migrations", hand, ours), ("nothing", looked, nothing)] {
        let ratios = ours.iter().zip(&floor).map(|(ours, floor)| ours / floor).collect();
        let [by_hand, by_us] = [floor, ours].map(|times| FILES as f64 / median(times));
        println!("| {to_do} | {name} | {jobs} | {by_hand:.0} | {by_us:.0} | {:.2} |", median(ratios));
    }
    Ok(())
}

fn all(report: &fleet::Report, upgraded: usize, unchanged: usize) -> Result<(), Box<dyn Error>> {
    let as_expected = report.upgraded() == upgraded && report.unchanged() == unchanged && report.failures().is_empty();
    if as_expected { Ok(()) } else { Err(format!("{report:?}").into()) }
}

/// Empty databases, in a folder that goes with them.
fn fleet_of(journal: &str) -> Result<(TempDir, Vec<PathBuf>), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let first = folder.path().join("first");
    let text = format!("PRAGMA journal_mode = {journal}; VACUUM");
    Connection::open(&first)?.execute_batch(&text)?;
    let paths: Vec<PathBuf> = (0..FILES).map(|number| folder.path().join(format!("{number}.db"))).collect();
    for path in &paths {
        fs::copy(&first, path)?;
    }
    Ok((folder, paths))
}

fn timed(act: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let started = Instant::now();
    act()?;
    Ok(started.elapsed().as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Of a round: short ones in turns, so that what else the machine does falls on both alike.
const FILES: usize = 100;
const TABLES: usize = 10;
