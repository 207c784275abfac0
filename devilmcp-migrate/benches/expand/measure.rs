//! One case, measured in a process of its own, so that its peak of memory is its own.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use devilmcp_migrate_core::check::{Checked, Judged, Trust, check};
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::{Level, Levels, Lint};
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::problem::Problems;
use devilmcp_migrate_core::prove::freeze;
use devilmcp_migrate_core::remember::remembered;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::{render, source};
use rusqlite::Connection;

use crate::workload::Kind;
use crate::{cpu, workload};

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) size: usize,
    pub(crate) state: State,
}

/// What of the migrations is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Everything, and run.
    Locked,
    /// Nothing.
    Open,
    /// Everything, and not run: there is a checkpoint.
    Checkpoint,
}

impl State {
    pub(crate) const ALL: [Self; 3] = [Self::Locked, Self::Open, Self::Checkpoint];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Open => "open",
            Self::Checkpoint => "checkpoint",
        }
    }

    /// How many times the floor checking may take.
    pub(crate) fn limit(self) -> f64 {
        match self {
            Self::Locked | Self::Checkpoint => 2.0,
            Self::Open => 10.0,
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Of what cannot be done without: the statements alone; where there is a checkpoint, those of the schema at the end.
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
        match self.state {
            State::Open => {}
            State::Locked => lock(directory.path())?,
            State::Checkpoint => checkpoint(directory.path())?,
        }
        let ups: Vec<String> = migrations.into_iter().map(|migration| migration.up).collect();
        let floor = if self.state == State::Checkpoint { schema(&ups)? } else { ups };
        // The first is what an editor starts with, so that it can be asked again.
        let (outcome, taken) = cpu::time(|| remembered(Layout::Own, directory.path(), "migrations", Levels::default()));
        is_sound(&outcome)?;
        let (mut floors, mut checks) = (Vec::new(), vec![taken]);
        // In turns, so that a noisy neighbour is one to both.
        loop {
            let (outcome, taken) = cpu::time(|| execute(&floor));
            outcome?;
            floors.push(taken);
            if checks.iter().sum::<Duration>() >= ENOUGH {
                break;
            }
            let (outcome, taken) =
                cpu::time(|| check(directory.path(), "migrations", Judged::Unlocked, Trust::Taken, Levels::default()));
            is_sound(&outcome)?;
            checks.push(taken);
        }
        let again = (0..9)
            .map(|_| cpu::time(|| remembered(Layout::Own, directory.path(), "migrations", Levels::default())).1)
            .collect();
        let peak = cpu::peak().unwrap_or(0);
        Ok(Cost { floor: median(floors), check: median(checks), again: median(again), peak })
    }
}

/// The migrations in the directory.
fn sequence(directory: &Path) -> Result<Sequence, &'static str> {
    let mut problems = Problems::new();
    let entries = source::read(directory, "migrations", &mut problems);
    let sequence = Sequence::new(entries, "migrations", &mut problems);
    problems.finish();
    sequence.ok_or("the migrations cannot be put in order")
}

/// Locks all migrations of a directory, whatever may be wrong with them.
pub(crate) fn lock(directory: &Path) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(directory.join(listing::LOCK), Lock::write(sequence(directory)?.scripts()))?)
}

/// The same, and from now on a build starts from there.
pub(crate) fn checkpoint(directory: &Path) -> Result<(), Box<dyn Error>> {
    lock(directory)?;
    let text = freeze(sequence(directory)?.scripts()).map_err(|reason| reason.to_string())?;
    Ok(fs::write(directory.join(listing::CHECKPOINT), text)?)
}

/// How long checking a directory takes, whose migrations need no way back; the median.
pub(crate) fn proof(directory: &Path) -> Result<Duration, Box<dyn Error>> {
    let levels = Levels::default().with(Lint::MissingDown, Level::Allow);
    let mut times = Vec::new();
    while times.len() < 3 && times.iter().sum::<Duration>() < ENOUGH {
        let (outcome, taken) = cpu::time(|| check(directory, "migrations", Judged::Unlocked, Trust::Taken, levels));
        is_sound(&outcome)?;
        times.push(taken);
    }
    Ok(median(times))
}

/// The floor: every statement once, in memory, in one transaction, with nothing watching.
fn execute(scripts: &[String]) -> rusqlite::Result<()> {
    in_memory(scripts).map(drop)
}

/// The statements of the schema that the migrations make, as SQLite keeps them.
fn schema(ups: &[String]) -> rusqlite::Result<Vec<String>> {
    let conn = in_memory(ups)?;
    let mut texts = conn.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")?;
    texts.query_map([], |row| row.get(0))?.collect()
}

fn in_memory(scripts: &[String]) -> rusqlite::Result<Connection> {
    let conn = Connection::open_in_memory()?;
    conn.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; BEGIN")?;
    scripts.iter().try_for_each(|script| conn.execute_batch(script))?;
    conn.execute_batch("COMMIT")?;
    Ok(conn)
}

/// That nothing is wrong with the migrations is part of what is measured.
fn is_sound(checked: &Checked) -> Result<(), String> {
    checked.problems.first().map_or(Ok(()), |problem| Err(render::plain(problem)))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
