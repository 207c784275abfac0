//! A place in a script at which a lint has found something.

use std::ops::Range;

use crate::schema::Key;

/// Something that a lint has found in the text of a migration.
#[derive(Debug)]
pub(super) struct Spot {
    pub(super) range: Range<usize>,
    /// What is wrong, if that can be said better than the rule says it.
    pub(super) title: Option<String>,
    /// A few words to stand beside the place.
    pub(super) label: String,
    /// What was made before, and has to be seen to understand it.
    pub(super) namesake: Option<Key>,
}
