//! The schema at the end of the migrations, with its texts.

use super::trial::Trial;
use crate::generate::Objects;
use crate::sequence::Sequence;

/// What the migrations make, which have worked before.
///
/// # Errors
/// SQLite's.
pub fn head(sequence: &Sequence) -> rusqlite::Result<Objects> {
    Objects::read(&Trial::after(sequence.scripts())?.conn)
}
