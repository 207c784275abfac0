//! What has become of a fleet.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use super::directory::Skipped;
use crate::error::Error;
use crate::printable::Printable;

/// What has become of a fleet. It holds numbers and what failed; [events](super::Event) tell of each database.
#[derive(Debug, Default)]
#[must_use = "databases may have failed"]
#[non_exhaustive]
pub struct Report {
    pub(super) upgraded: usize,
    pub(super) unchanged: usize,
    pub(super) left: usize,
    pub(super) failures: Vec<Failure>,
    pub(super) skipped: Vec<Skipped>,
}

/// A database that could not be upgraded, and why. It is as it was, unless the [error](Error) says otherwise.
#[derive(Debug)]
pub struct Failure {
    path: PathBuf,
    error: Error,
}

impl Report {
    /// All that there were: [upgraded](Self::upgraded), [unchanged](Self::unchanged), [failed](Self::failures) and [left](Self::left).
    pub fn all(&self) -> usize {
        self.upgraded + self.unchanged + self.failures.len() + self.left
    }

    /// How many were upgraded.
    pub fn upgraded(&self) -> usize {
        self.upgraded
    }

    /// How many were there already.
    pub fn unchanged(&self) -> usize {
        self.unchanged
    }

    /// What failed, in the order in which it did: databases, and folders that could not be read.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// The same, to keep.
    pub fn into_failures(self) -> Vec<Failure> {
        self.failures
    }

    /// How many were not begun, because somebody has [cancelled](crate::Migrator::cancel_with).
    pub fn left(&self) -> usize {
        self.left
    }

    /// What lies in the directory and was not taken for a database of its own; in none of the numbers.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }
}

impl Failure {
    pub(super) fn new(path: PathBuf, error: Error) -> Self {
        Self { path, error }
    }

    /// The database.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The same, to keep.
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Printable(f), "cannot upgrade {}", self.path.display())
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.error)
    }
}
