//! One case: as often as it takes to see through the noise, and once in a process of its own.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use devilmcp_migrate::Migrations;
use devilmcp_migrate::rusqlite::{Connection, TransactionBehavior};
use devilmcp_migrate_core::digest::Digest;

use crate::cpu;
use crate::program::{self, Version};
use crate::workload::Kind;

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) size: usize,
    pub(crate) journal: Journal,
}

/// How SQLite keeps what it may have to take back.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Journal {
    Delete,
    Wal,
}

impl Journal {
    pub(crate) const ALL: [Self; 2] = [Self::Delete, Self::Wal];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Wal => "wal",
        }
    }
}

/// Who upgrades.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    Migrations,
    /// The same SQL in one transaction, and nothing else.
    Floor,
}

impl Who {
    pub(crate) const ALL: [Self; 2] = [Self::Migrations, Self::Floor];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Migrations => "migrations",
            Self::Floor => "floor",
        }
    }
}

/// What was found, in one process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) floor: Duration,
    /// Of the time that passed.
    pub(crate) ratio: f64,
    /// Of the time on a processor.
    pub(crate) processor: f64,
}

/// Both are done again until that much time has gone into them.
const ENOUGH: Duration = Duration::from_millis(1_500);
const FEWEST: usize = 7;

impl Case {
    /// Medians.
    pub(crate) fn measure(self) -> Result<Cost, Box<dyn Error>> {
        let (migrations, ups) = self.program(self.fingerprint()?)?;
        let mut times: [[Vec<f64>; 2]; 2] = Default::default();
        let started = Instant::now();
        let mut at = 0;
        // In turns, so that a noisy neighbour is one to both.
        while at < FEWEST || started.elapsed() < ENOUGH {
            for (who, times) in Who::ALL.into_iter().zip(&mut times) {
                let folder = tempfile::tempdir()?;
                let path = folder.path().join("new.db");
                let begun = Instant::now();
                let (outcome, taken) = cpu::time(|| self.upgrade(who, &migrations, &ups, &path));
                outcome?;
                times[0].push(begun.elapsed().as_secs_f64());
                times[1].push(taken.as_secs_f64());
            }
            at += 1;
        }
        let [[ours, ours_on_processor], [floor, floor_on_processor]] = times.map(|times| times.map(median));
        Ok(Cost {
            floor: Duration::from_secs_f64(floor),
            ratio: ours / floor,
            processor: ours_on_processor / floor_on_processor,
        })
    }

    /// The first upgrade of this process: how long it takes, and how much more memory in bytes than before at its peak.
    pub(crate) fn first(self, who: Who, fingerprint: &str) -> Result<(Duration, u64), Box<dyn Error>> {
        let (migrations, ups) = self.program(Digest::parse(fingerprint).ok_or("no digest")?)?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("new.db");
        let before = cpu::peak().unwrap_or(0);
        let started = Instant::now();
        self.upgrade(who, &migrations, &ups, &path)?;
        Ok((started.elapsed(), cpu::peak().unwrap_or(0) - before))
    }

    /// Of the schema in the end.
    pub(crate) fn fingerprint(self) -> Result<Digest, Box<dyn Error>> {
        let migrations = self.kind.migrations(self.size);
        program::fingerprint(migrations.iter().map(|migration| &*migration.up))
    }

    fn program(self, fingerprint: Digest) -> Result<(Migrations<Version>, Vec<String>), Box<dyn Error>> {
        let scripts = self.kind.migrations(self.size);
        let ups = scripts.iter().map(|script| script.up.clone()).collect();
        let scripts: Vec<_> = scripts.into_iter().map(|script| (script.up, Some(script.down))).collect();
        Ok((program::of(&scripts, fingerprint, None)?, ups))
    }

    /// Opens a new file, upgrades it, and closes it.
    fn upgrade(
        self,
        who: Who,
        migrations: &Migrations<Version>,
        ups: &[String],
        path: &Path,
    ) -> Result<(), Box<dyn Error>> {
        let mut conn = Connection::open(path)?;
        conn.pragma_update(None, "journal_mode", self.journal.name())?;
        match who {
            Who::Migrations => {
                let report = migrations.upgrade(&mut conn)?;
                assert!(report.done().len() == self.size && report.drift().is_empty(), "{report:?}");
            }
            Who::Floor => {
                let run = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
                ups.iter().try_for_each(|up| run.execute_batch(up))?;
                run.pragma_update(None, "user_version", 1)?;
                run.commit()?;
            }
        }
        Ok(())
    }
}

pub(crate) fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
