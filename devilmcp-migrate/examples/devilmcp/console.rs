//! What a human reads. Standard output belongs to the protocol, so all of it goes to standard error.

use std::fmt::Display;

use crate::error::chain;

/// Something worth knowing.
pub(crate) fn note(message: impl Display) {
    line(format_args!("devilmcp: {message}"));
}

/// Something that deserves attention and stops nothing.
pub(crate) fn warning(message: impl Display) {
    line(format_args!("devilmcp: warning: {message}"));
}

/// What ended the program, with its causes.
pub(crate) fn error(error: &dyn std::error::Error) {
    line(format_args!("devilmcp: error: {}", chain(error)));
}

#[expect(clippy::print_stderr, reason = "the one place that prints")]
fn line(message: impl Display) {
    eprintln!("{message}");
}
