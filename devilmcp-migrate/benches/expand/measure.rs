//! One case, measured in a process of its own, so that its peak of memory is its own.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use devilmcp_migrate_core::check::{Checked, Judged, check};
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::remember::remembered;
use devilmcp_migrate_core::source;
use rusqlite::Connection;

use crate::workload::{Kind, Migration};
use crate::{cpu, workload};

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) size: usize,
    /// Whether everything has shipped.
    pub(crate) is_locked: bool,
}

/// What was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Of the statements alone.
    pub(crate) floor: Duration,
    /// Of checking the directory.
    pub(crate) check: Duration,
    /// Of checking it once more in the same process, when nothing has changed.
    pub(crate) again: Duration,
    /// The most memory, in bytes; 0 where the system does not say.
    pub(crate) peak: u64,
}

/// A case is measured again until that much time has gone into it.
const ENOUGH: Duration = Duration::from_millis(800);

impl Case {
    /// Writes the directory and measures; medians.
    pub(crate) fn measure(self) -> Result<Cost, Box<dyn Error>> {
        let directory = tempfile::tempdir()?;
        let migrations = self.kind.migrations(self.size);
        workload::write(&migrations, directory.path())?;
        if self.is_locked {
            let shipped = checked(directory.path(), Judged::Nothing)?;
            let scripts = shipped.sequence.as_ref().map_or(&[][..], |sequence| sequence.scripts());
            fs::write(directory.path().join(source::LOCK), Lock::write(scripts))?;
        }
        let (mut floors, mut checks) = (Vec::new(), Vec::new());
        // In turns, so that a noisy neighbour is one to both.
        while checks.iter().sum::<Duration>() < ENOUGH {
            let (outcome, taken) = cpu::time(|| statements_alone(&migrations));
            outcome?;
            floors.push(taken);
            let (outcome, taken) = cpu::time(|| checked(directory.path(), Judged::Unlocked));
            outcome?;
            checks.push(taken);
        }
        // What an editor waits for at a keystroke.
        remembered(directory.path(), "migrations");
        let again = (0..9).map(|_| cpu::time(|| remembered(directory.path(), "migrations")).1).collect();
        Ok(Cost { again: median(again), floor: median(floors), check: median(checks), peak: cpu::peak().unwrap_or(0) })
    }
}

/// The floor: every statement once, in memory, in one transaction.
fn statements_alone(migrations: &[Migration]) -> rusqlite::Result<()> {
    let conn = Connection::open_in_memory()?;
    conn.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; BEGIN")?;
    migrations.iter().try_for_each(|migration| conn.execute_batch(&migration.up))?;
    conn.execute_batch("COMMIT")
}

/// What the macro does with a directory before it writes code. That nothing is wrong is part of what is measured.
fn checked(directory: &Path, judged: Judged) -> Result<Checked, String> {
    let checked = check(directory, "migrations", judged);
    match checked.problems.first() {
        Some(problem) => Err(devilmcp_migrate_core::render::plain(problem)),
        None => Ok(checked),
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
