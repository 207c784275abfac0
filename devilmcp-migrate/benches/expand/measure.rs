//! One case, measured in a process of its own, so that its peak of memory is its own.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use devilmcp_migrate_core::check::{Checked, Judged, Trust, check};
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::problem::Problems;
use devilmcp_migrate_core::remember::remembered;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::{render, source};
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
            fs::write(directory.path().join(source::LOCK), lock(directory.path())?)?;
        }
        // The first is what an editor starts with, so that it can be asked again.
        let (outcome, taken) = cpu::time(|| remembered(directory.path(), "migrations"));
        is_sound(&outcome)?;
        let (mut floors, mut checks) = (Vec::new(), vec![taken]);
        // In turns, so that a noisy neighbour is one to both.
        loop {
            let (outcome, taken) = cpu::time(|| statements_alone(&migrations));
            outcome?;
            floors.push(taken);
            if checks.iter().sum::<Duration>() >= ENOUGH {
                break;
            }
            let (outcome, taken) = cpu::time(|| check(directory.path(), "migrations", Judged::Unlocked, Trust::Taken));
            is_sound(&outcome)?;
            checks.push(taken);
        }
        let again = (0..9).map(|_| cpu::time(|| remembered(directory.path(), "migrations")).1).collect();
        let peak = cpu::peak().unwrap_or(0);
        Ok(Cost { floor: median(floors), check: median(checks), again: median(again), peak })
    }
}

/// The lock file that has everything in the directory.
fn lock(directory: &Path) -> Result<String, &'static str> {
    let mut problems = Problems::new();
    let entries = source::read(directory, "migrations", &mut problems);
    let sequence = Sequence::new(entries, "migrations", &mut problems);
    problems.finish();
    sequence.map(|sequence| Lock::write(sequence.scripts())).ok_or("the migrations cannot be put in order")
}

/// The floor: every statement once, in memory, in one transaction.
fn statements_alone(migrations: &[Migration]) -> rusqlite::Result<()> {
    let conn = Connection::open_in_memory()?;
    conn.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; BEGIN")?;
    migrations.iter().try_for_each(|migration| conn.execute_batch(&migration.up))?;
    conn.execute_batch("COMMIT")
}

/// That nothing is wrong with the migrations is part of what is measured.
fn is_sound(checked: &Checked) -> Result<(), String> {
    checked.problems.first().map_or(Ok(()), |problem| Err(render::plain(problem)))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
