//! What a start costs that has nothing to do, in multiples of opening the file and reading the two header fields, or, where the
//! application uses one of them, the newest row of the history; and a database in memory, in multiples of copying its bytes.
//!
//! `cargo bench -p devilmcp-migrate --features bundled --bench start`

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod program;
#[path = "../expand/workload.rs"]
#[expect(dead_code, reason = "only `expand` has use for all of it")]
mod workload;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::{Connection, MAIN_DB};
use devilmcp_migrate::{Drift, Migrations};
use program::Version;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        // `cargo test --all-targets` measures nothing.
        return Ok(());
    }
    if arguments.iter().any(|argument| argument == "once") {
        return once();
    }
    on_disk()?;
    println!();
    in_memory()
}

/// Starts of a server.
fn on_disk() -> Result<(), Box<dyn Error>> {
    println!("| migrations | header | {} | row | own `user_version` |", CASES.map(|(name, _)| name).join(" | "));
    println!("|--:|--:|{}--:|--:|", "--:|".repeat(CASES.len()));
    for size in SIZES {
        let folder = tempfile::tempdir()?;
        let migrations = program::of_tables(size)?;
        let [clean, drifted, owned] = ["clean.db", "drifted.db", "owned.db"].map(|name| folder.path().join(name));
        migrations.upgrade(&mut Connection::open(&clean)?)?;
        for copy in [&drifted, &owned] {
            std::fs::copy(&clean, copy)?;
        }
        Connection::open(&drifted)?.execute_batch("CREATE INDEX by_hand ON t1 (b, a)")?;
        Connection::open(&owned)?.execute_batch("PRAGMA user_version = 5")?;
        // What is as slow as many others need not be seen as often.
        let cases = CASES.map(|(_, case)| if case.is_drifted && size > SLOW { None } else { Some(case) });
        let mut times: Vec<Vec<Duration>> = vec![Vec::new(); CASES.len() + 3];
        // In turns, so that what else the machine does falls on all of them alike.
        for _ in 0..ROUNDS {
            let mut note = |at: usize, act: &dyn Fn() -> Result<(), Box<dyn Error>>| -> Result<(), Box<dyn Error>> {
                // What was run before has left its mark on the caches, and on the memory that is free.
                for _ in 0..WARM {
                    act()?;
                }
                times[at].push(timed(act)?);
                Ok(())
            };
            note(0, &|| floor(&clean))?;
            for (at, case) in cases.iter().enumerate() {
                let Some(case) = *case else { continue };
                let path = if case.is_drifted { &drifted } else { &clean };
                note(at + 1, &|| start(&migrations, path, case))?;
            }
            note(CASES.len() + 1, &|| newest_row(&owned))?;
            note(CASES.len() + 2, &|| start(&migrations, &owned, CASES[0].1))?;
        }
        let medians: Vec<f64> = times.into_iter().map(median).collect();
        let ratio = |at: usize, floor: usize| match medians[at] {
            0.0 => String::new(),
            time => format!("{:.2}", time / medians[floor]),
        };
        let ratios: Vec<String> = (1..=CASES.len()).map(|at| ratio(at, 0)).collect();
        let (row, owned) = (medians[CASES.len() + 1], ratio(CASES.len() + 2, CASES.len() + 1));
        println!("| {size} | {:.0} µs | {} | {:.0} µs | {owned} |", medians[0] * 1e6, ratios.join(" | "), row * 1e6);
    }
    Ok(())
}

/// One start and one floor, for who counts the instructions of each: `../instructions.sh`.
fn once() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("counted.db");
    let migrations = program::of_tables(SLOW)?;
    migrations.upgrade(&mut Connection::open(&path)?)?;
    for _ in 0..WARM {
        floor(&path)?;
        start(&migrations, &path, CASES[0].1)?;
    }
    counted_floor(&path)?;
    counted_start(&migrations, &path)
}

/// By its name callgrind knows it.
#[inline(never)]
fn counted_floor(path: &Path) -> Result<(), Box<dyn Error>> {
    floor(path)
}

/// The same.
#[inline(never)]
fn counted_start(migrations: &Migrations<Version>, path: &Path) -> Result<(), Box<dyn Error>> {
    start(migrations, path, CASES[0].1)
}

/// Databases for tests: the migrations run each time, or a copy of what they made once, in multiples of copying its bytes.
fn in_memory() -> Result<(), Box<dyn Error>> {
    println!("| migrations | N | copying the bytes | run | copied | |");
    println!("|---|--:|--:|--:|--:|--:|");
    for (name, size) in [("tables", 10), ("tables", 1_000), ("evolving", 10), ("evolving", 1_000)] {
        let migrations = if name == "tables" { program::of_tables(size)? } else { evolving(size)? };
        let made = &mut migrations.open_in_memory()?;
        let bytes = made.serialize(MAIN_DB)?.to_vec();
        let copy = || {
            let mut conn = Connection::open_in_memory()?;
            Ok(conn.deserialize_read_exact(MAIN_DB, &*bytes, bytes.len(), false)?)
        };
        let cases: [&dyn Fn() -> Result<(), Box<dyn Error>>; 3] =
            [&copy, &|| Ok(migrations.migrator().open_in_memory().map(drop)?), &|| {
                Ok(migrations.open_in_memory().map(drop)?)
            }];
        let mut times: [Vec<Duration>; 3] = Default::default();
        for _ in 0..ROUNDS {
            for (times, case) in times.iter_mut().zip(cases) {
                for _ in 0..WARM {
                    case()?;
                }
                times.push(timed(case)?);
            }
        }
        let [floor, run, copied] = times.map(median);
        println!(
            "| {name} | {size} | {:.0} µs | {:.0} | {:.2} | {:.0} µs |",
            floor * 1e6,
            run / floor,
            copied / floor,
            copied * 1e6
        );
    }
    Ok(())
}

/// The migrations of `expand` that alter tables over and over.
fn evolving(size: usize) -> Result<Migrations<Version>, Box<dyn Error>> {
    let scripts = workload::Kind::Evolving.migrations(size);
    let fingerprint = program::fingerprint(scripts.iter().map(|script| &*script.up))?;
    let scripts: Vec<_> = scripts.into_iter().map(|script| (script.up, Some(script.down))).collect();
    program::of(&scripts, fingerprint, None)
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

const SIZES: [usize; 4] = [10, 100, 1_000, 5_000];

/// With more migrations, a start that has to compare takes long.
const SLOW: usize = 100;

const ROUNDS: usize = 31;

/// How often something is done before it is measured.
const WARM: usize = 3;

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

/// What no start can do without that is to learn from the history where the database stands: SQLite parses the schema for it.
fn newest_row(path: &Path) -> Result<(), Box<dyn Error>> {
    let conn = Connection::open(path)?;
    let query = "SELECT version, history FROM _devilmcp_migrations ORDER BY version DESC LIMIT 1";
    let row: (i64, Vec<u8>) = conn.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    std::hint::black_box(row);
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
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
}
