//! What a start costs that has nothing to do, in multiples of opening the file and reading the two header fields; and a
//! database in memory, in multiples of copying its bytes.
//!
//! `cargo bench -p devilmcp-migrate --features bundled --bench start`

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod program;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::{Connection, MAIN_DB};
use devilmcp_migrate::{Drift, Migrations};
use program::Version;

fn main() -> Result<(), Box<dyn Error>> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // `cargo test --all-targets` measures nothing.
        return Ok(());
    }
    on_disk()?;
    println!();
    in_memory()
}

/// Starts of a server.
fn on_disk() -> Result<(), Box<dyn Error>> {
    println!("| tables | floor | {} |", CASES.map(|(name, _)| name).join(" | "));
    println!("|--:|--:|{}", "--:|".repeat(CASES.len()));
    for tables in [10, 1_000] {
        let folder = tempfile::tempdir()?;
        let migrations = program::of(tables)?;
        let [clean, drifted] = ["clean.db", "drifted.db"].map(|name| folder.path().join(name));
        migrations.upgrade(&mut Connection::open(&clean)?)?;
        std::fs::copy(&clean, &drifted)?;
        Connection::open(&drifted)?.execute_batch("CREATE INDEX by_hand ON t1 (b, a)")?;
        let mut times: Vec<Vec<Duration>> = vec![Vec::new(); CASES.len() + 1];
        // In turns, so that what else the machine does falls on all of them alike.
        for _ in 0..ROUNDS {
            // What was run before has left its mark on the caches.
            floor(&clean)?;
            times[0].push(timed(|| floor(&clean))?);
            for (at, (_, case)) in CASES.iter().enumerate() {
                let path = if case.is_drifted { &drifted } else { &clean };
                start(&migrations, path, *case)?;
                times[at + 1].push(timed(|| start(&migrations, path, *case))?);
            }
        }
        let medians: Vec<f64> = times.into_iter().map(median).collect();
        let ratios: Vec<String> = medians[1..].iter().map(|time| format!("{:.1}", time / medians[0])).collect();
        println!("| {tables} | {:.0} µs | {} |", medians[0] * 1e6, ratios.join(" | "));
    }
    Ok(())
}

/// Databases for tests: the migrations run each time, or a copy of what they made once, in multiples of copying its bytes.
fn in_memory() -> Result<(), Box<dyn Error>> {
    println!("| tables | copying the bytes | run | copied |");
    println!("|--:|--:|--:|--:|");
    for tables in [10, 1_000] {
        let migrations = program::of(tables)?;
        let made = &mut migrations.open_in_memory()?;
        let bytes = made.serialize(MAIN_DB)?.to_vec();
        let mut times: [Vec<Duration>; 3] = Default::default();
        for _ in 0..ROUNDS {
            times[0].push(timed(|| {
                let mut conn = Connection::open_in_memory()?;
                Ok(conn.deserialize_read_exact(MAIN_DB, &*bytes, bytes.len(), false)?)
            })?);
            times[1].push(timed(|| Ok(migrations.migrator().open_in_memory().map(drop)?))?);
            times[2].push(timed(|| Ok(migrations.open_in_memory().map(drop)?))?);
        }
        let [floor, run, copied] = times.map(median);
        println!("| {tables} | {:.0} µs | {:.0} | {:.2} |", floor * 1e6, run / floor, copied / floor);
    }
    Ok(())
}

/// A start with nothing to do.
#[derive(Debug, Clone, Copy)]
struct Case {
    policy: Drift,
    /// Whether somebody has changed the schema since the last run.
    is_drifted: bool,
}

const CASES: [(&str, Case); 5] = [
    ("report", Case { policy: Drift::Report, is_drifted: false }),
    ("refuse", Case { policy: Drift::Refuse, is_drifted: false }),
    ("ignore", Case { policy: Drift::Ignore, is_drifted: false }),
    ("drift, report", Case { policy: Drift::Report, is_drifted: true }),
    ("drift, ignore", Case { policy: Drift::Ignore, is_drifted: true }),
];

const ROUNDS: usize = 31;

/// What no start can do without that looks at its database at all.
fn floor(path: &Path) -> Result<(), Box<dyn Error>> {
    let conn = Connection::open(path)?;
    // In one read transaction: that of the first statement, which has not ended when the second is run.
    let mut statement = conn.prepare("PRAGMA user_version")?;
    let mut rows = statement.query([])?;
    let version: Option<i64> = rows.next()?.map(|row| row.get(0)).transpose()?;
    let cookie: i64 = conn.query_row("PRAGMA schema_version", [], |row| row.get(0))?;
    std::hint::black_box((version, cookie));
    Ok(())
}

fn start(migrations: &Migrations<Version>, path: &Path, case: Case) -> Result<(), Box<dyn Error>> {
    let mut conn = Connection::open(path)?;
    let report = migrations.migrator().drift(case.policy).upgrade(&mut conn)?;
    let is_told = case.is_drifted && case.policy == Drift::Report;
    assert!(report.is_noop() && report.drift().is_empty() != is_told, "{report:?}");
    Ok(())
}

fn timed(act: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let started = Instant::now();
    act()?;
    Ok(started.elapsed())
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
