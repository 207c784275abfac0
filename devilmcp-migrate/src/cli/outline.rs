//! An error -> what a person reads.

use std::error::Error as StdError;
use std::fmt;

use crate::error::Error;
use crate::printable::printable;

/// An error as a person reads it: the error and its causes on one line, the details below, a line each.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) message: String,
    pub(super) details: Vec<String>,
}

impl Outline {
    pub(super) fn of(error: &Error) -> Self {
        let (message, details) = error.outline();
        let message = error.source().map_or_else(|| message.clone(), |cause| format!("{message}: {}", chain(cause)));
        Self { message, details }
    }

    pub(super) fn plain(error: &(dyn StdError + 'static)) -> Self {
        Self { message: chain(error), details: Vec::new() }
    }
}

impl fmt::Display for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, details } = self;
        f.write_str(&printable(message))?;
        f.write_str(if details.is_empty() { "" } else { ":" })?;
        details.iter().try_for_each(|detail| write!(f, "\n  {}", printable(detail)))
    }
}

/// The error and its causes on one line.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let text = error.to_string();
    match error.source() {
        // SQLite's own words have been said; what follows is the same with its code.
        Some(_) if error.is::<rusqlite::Error>() => text,
        Some(cause) => format!("{text}: {}", chain(cause)),
        None => text,
    }
}
