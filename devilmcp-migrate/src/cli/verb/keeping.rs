//! Whether, and where, the database is kept as it was.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::backup::Backup;
use crate::order::Options;

/// Where a copy of the database goes before anything is changed.
#[derive(Debug, Clone, Default, clap::Args)]
#[non_exhaustive]
pub struct Keeping {
    /// Before anything is changed, keep a copy of the database beside it
    #[arg(long, group = "copy")]
    pub backup: bool,

    /// The same in another folder
    #[arg(long, group = "copy", value_name = "DIR")]
    pub backup_to: Option<PathBuf>,

    /// Delete the oldest such copies, so that this many are left
    #[arg(long, requires = "copy", value_name = "N")]
    pub keep: Option<NonZeroUsize>,
}

impl Keeping {
    /// What was asked for, or what the program does anyway.
    pub(super) fn choice(&self, options: &Options<'_>) -> Option<Backup> {
        let beside = self.backup.then(Backup::beside);
        let Some(backup) = self.backup_to.as_ref().map(Backup::to).or(beside) else {
            return options.backup.clone();
        };
        Some(match self.keep {
            Some(count) => backup.keep(count.get()),
            None => backup,
        })
    }
}
