//! New files of many released migrations: each of them run, and made of their summary.

use std::error::Error;
use std::fs;
use std::time::Duration;

use devilmcp_migrate::Migrator;
use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::check::{Judged, Trust, check};
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::problem::Problems;
use devilmcp_migrate_core::prove::freeze;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source;

use crate::cpu;
use crate::measure::median;
use crate::program::{self, Version};
use crate::workload::{self, Kind};

/// Whether migrations write rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// They do not.
    None,
    /// They do, and a checkpoint has them.
    Checkpoint,
}

const SIZE: usize = 1_000;
const ROUNDS: usize = 9;

/// A line of the table.
pub(crate) fn row(rows: Rows) -> Result<String, Box<dyn Error>> {
    let mut scripts = Kind::Evolving.migrations(SIZE);
    if rows == Rows::None {
        for script in &mut scripts {
            script.up =
                script.up.lines().filter(|line| !line.contains("VALUES")).collect::<Vec<_>>().join("\n") + "\n;";
            "-- migrate: irreversible\n".clone_into(&mut script.down);
            script.up.insert_str(0, &script.down);
        }
    }
    let folder = tempfile::tempdir()?;
    workload::write(&scripts, folder.path())?;
    if rows == Rows::None {
        for file in fs::read_dir(folder.path())? {
            let path = file?.path();
            if path.to_string_lossy().ends_with(".down.sql") {
                fs::remove_file(path)?;
            }
        }
    }
    let mut problems = Problems::new();
    let entries = source::read(folder.path(), "migrations", &mut problems);
    let sequence = Sequence::new(entries, "migrations", &mut problems);
    problems.finish();
    let sequence = sequence.ok_or("the migrations cannot be put in order")?;
    fs::write(folder.path().join(listing::LOCK), Lock::write(sequence.scripts()))?;
    if rows == Rows::Checkpoint {
        let text = freeze(sequence.scripts()).map_err(|reason| reason.to_string())?;
        fs::write(folder.path().join(listing::CHECKPOINT), text)?;
    }
    let proof = check(folder.path(), "migrations", Judged::Unlocked, Trust::Taken, Levels::default()).proof;
    let proof = proof.ok_or("the migrations do not work")?;
    let summary = proof.summary.as_ref().ok_or_else(|| {
        format!(
            "there is no summary: {} bytes",
            fs::metadata(folder.path().join(listing::CHECKPOINT)).map_or(0, |file| file.len())
        )
    })?;
    let ups: Vec<_> = scripts.into_iter().map(|script| (script.up, None)).collect();
    let migrations = program::of(&ups, proof.fingerprint, Some((summary.last.get(), &summary.sql)))?;
    let mut times: [Vec<f64>; 2] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(made(&migrations.migrator().without_summary())?.as_secs_f64());
        times[1].push(made(&migrations.migrator())?.as_secs_f64());
    }
    let [each, summed] = times.map(median);
    let length: usize = ups.iter().map(|(up, _)| up.len()).sum();
    let shown = if rows == Rows::None { "none" } else { "some, of a checkpoint" };
    Ok(format!(
        "| evolving | {SIZE} | {shown} | {:.1} ms | {:.1} ms | {:.1} | {} of {} KiB |",
        each * 1e3,
        summed * 1e3,
        each / summed,
        summary.sql.len() / 1024,
        length / 1024
    ))
}

/// How long a new file takes, on a processor.
fn made(migrator: &Migrator<'_, Version>) -> Result<Duration, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("new.db");
    let (outcome, taken) = cpu::time(|| -> Result<(), Box<dyn Error>> {
        let report = migrator.upgrade(&mut Connection::open(path)?)?;
        assert!(report.done().len() == SIZE && report.drift().is_empty(), "{report:?}");
        Ok(())
    });
    outcome?;
    Ok(taken)
}
