//! What becomes of each database, as it happens.

use std::fmt::{self, Write as _};
use std::path::Path;

use crate::error::Error;
use crate::printable::Printable;
use crate::report::Report;

/// What becomes of a database, as it happens; see [`Upgrade::on_event`](super::Upgrade::on_event). `Display` says each on one line.
///
/// Each database is [`Begun`](Self::Begun) once, and ends with one of the others; only what cannot be read in a directory fails without.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// It is going to be opened.
    #[non_exhaustive]
    Begun {
        /// Which.
        path: &'a Path,
    },
    /// Migrations were applied to it, or adopted.
    #[non_exhaustive]
    Upgraded {
        /// Which.
        path: &'a Path,
        /// What was done.
        report: &'a Report,
    },
    /// There was nothing to do.
    #[non_exhaustive]
    Unchanged {
        /// Which.
        path: &'a Path,
        /// Where it stands.
        report: &'a Report,
    },
    /// It could not be upgraded.
    #[non_exhaustive]
    Failed {
        /// Which.
        path: &'a Path,
        /// Why.
        error: &'a Error,
    },
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = Printable(f);
        match *self {
            Self::Begun { path } => write!(f, "{}: begun", path.display()),
            Self::Upgraded { path, report } => write!(f, "{}: upgraded, {} done", path.display(), report.done().len()),
            Self::Unchanged { path, report: _ } => write!(f, "{}: nothing to do", path.display()),
            Self::Failed { path, error } => write!(f, "{}: {error:?}", path.display()),
        }
    }
}
