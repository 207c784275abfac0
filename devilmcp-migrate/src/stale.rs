//! A debug build looks whether the directory has changed since it was compiled.

use std::path::Path;

use devilmcp_migrate_core::listing;

use crate::embedded::Watched;
use crate::error::{Error, Inner};

/// Compares the files that were compiled in with those that are there now. Where the directory is not, as on a machine to
/// which only the program was copied, there is nothing to compare.
pub(crate) fn check(watched: Option<&Watched>) -> Result<(), Error> {
    let Some(watched) = watched else { return Ok(()) };
    let Ok(names) = listing::names(Path::new(watched.directory)) else { return Ok(()) };
    let new = names
        .iter()
        .filter(|name| !watched.files.lines().any(|file| file == *name))
        .map(|name| format!("{name} (new)"));
    let is_gone = |name: &&str| !names.iter().any(|other| other == *name);
    let gone = watched.files.lines().filter(is_gone).map(|name| format!("{name} (gone)"));
    let files: Vec<String> = new.chain(gone).collect();
    if files.is_empty() { Ok(()) } else { Err(Inner::Stale { directory: watched.directory, files }.into()) }
}
