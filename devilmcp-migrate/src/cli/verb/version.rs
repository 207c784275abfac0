//! `version`: where the database is.

use devilmcp_migrate_core::name::label;

use super::{Format, Subject};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::table::Tone;
use crate::printable::printable;

/// Print the version that the database is at
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Version {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl Version {
    pub(in crate::cli) fn answer(subject: Subject<'_>) -> Result<Exit, Failure> {
        let (status, output) = (subject.status()?, subject.output);
        if output.is_json() {
            output.document(&document::version(&status));
        } else {
            let label = status.current().zip(status.current_name()).map(|(number, name)| label(number, name));
            output.line(Tone::Plain, &label.map_or_else(|| "none".to_owned(), |label| printable(&label)));
        }
        Ok(Exit::Done)
    }
}
