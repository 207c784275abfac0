//! `restore`: a backup is put back.

use std::path::PathBuf;

use super::{Format, Subject};
use crate::backup::restore;
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::table::Tone;
use crate::printable::printable;

/// Make the database what a backup is; what it is now is kept beside it
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Restore {
    /// The backup, or any other SQLite database in one file
    pub file: PathBuf,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl Restore {
    pub(in crate::cli) fn answer(&self, subject: Subject<'_>) -> Result<Exit, Failure> {
        let Subject { embedded: _, options: _, place, output } = subject;
        let restored = restore(&self.file, place.file()?)?;
        if output.is_json() {
            output.document(&document::restored(&restored));
            return Ok(Exit::Done);
        }
        let at = restored.version().zip(restored.name());
        let at = at.map_or_else(
            || "before the first migration".to_owned(),
            |(number, name)| format!("at {number:04}_{}", printable(name)),
        );
        output.line(Tone::Good, &format!("restored: the database is {at}"));
        if let Some(saved) = restored.saved() {
            output.line(Tone::Plain, &printable(&format!("what it was before is in {}", saved.display())));
        }
        Ok(Exit::Done)
    }
}
