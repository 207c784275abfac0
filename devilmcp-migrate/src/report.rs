//! What a run has done.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::difference::Difference;
use crate::foreign_keys::Violation;
use crate::plan::Action;

/// What a run has done, and what it has seen.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Report {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) done: Vec<Done>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) drift: Vec<Difference>,
    pub(crate) newer: bool,
    pub(crate) backup: Option<PathBuf>,
    pub(crate) retention: Option<String>,
}

/// One migration that a run has applied, adopted or undone.
#[derive(Debug, Clone)]
pub struct Done {
    pub(crate) number: i64,
    pub(crate) name: Cow<'static, str>,
    pub(crate) action: Action,
    pub(crate) duration: Duration,
}

impl Report {
    /// Nothing was done, and the database stays at this migration.
    pub(crate) fn at(number: i64) -> Self {
        Self { from: number, to: number, ..Self::default() }
    }

    /// This, and what the next segment of the same run has done.
    pub(crate) fn then(mut self, next: Self) -> Self {
        let Self { from: _, to, done, violations, drift, newer, backup: _, retention: _ } = next;
        (self.to, self.newer) = (to, newer);
        if !done.is_empty() {
            self.done.extend(done);
            (self.violations, self.drift) = (violations, drift);
        }
        self
    }

    /// The number of the migration that the database was at; none before the first.
    pub fn from(&self) -> Option<i64> {
        (self.from > 0).then_some(self.from)
    }

    /// The number of the migration that the database is at; none before the first.
    pub fn to(&self) -> Option<i64> {
        (self.to > 0).then_some(self.to)
    }

    /// The migrations that were applied, adopted or undone, in that order of time.
    pub fn done(&self) -> &[Done] {
        &self.done
    }

    /// Whether there was nothing to do.
    pub fn is_noop(&self) -> bool {
        self.done.is_empty()
    }

    /// Rows whose foreign keys pointed at nothing before the run, and still do. Only looked for when there was something to
    /// do.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// In what the schema is not what the migrations make. Only looked for when the schema was changed by something else since the last
    /// run, or when something was done that was not proved in every respect: see [`Drift`](crate::Drift).
    pub fn drift(&self) -> &[Difference] {
        &self.drift
    }

    /// Whether the database is at a migration that this program does not know, and was left there, as
    /// [the caller has chosen](crate::Newer::Accept).
    pub fn is_newer(&self) -> bool {
        self.newer
    }

    /// Where the database is kept as it was before the run, if that was [asked for](crate::Migrator::backup) and there was something
    /// to do and something to keep.
    pub fn backup(&self) -> Option<&Path> {
        self.backup.as_deref()
    }

    /// Why not all backups could be deleted that [`Backup::keep`](crate::Backup::keep) says, if so. The next run tries it again.
    pub fn retention_failure(&self) -> Option<&str> {
        self.retention.as_deref()
    }
}

impl Done {
    /// The migration's number.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The migration's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What became of it.
    pub fn action(&self) -> Action {
        self.action
    }

    /// How long that took.
    pub fn duration(&self) -> Duration {
        self.duration
    }
}
