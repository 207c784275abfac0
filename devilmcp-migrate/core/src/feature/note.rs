//! What a problem says of the SQLite that its statement needs.

use super::{Feature, Version};
use crate::problem::{Place, Problem};
use crate::statement::statements;

/// Which SQLite the statement needs that a problem is about, if not every caller's will do. `own` is the one it was tried on.
pub(crate) fn note(problem: &Problem, own: Version) -> Option<String> {
    let Place::Text(label) = &problem.place else { return None };
    let text = &*label.file.text;
    // The text of a lock is no SQL.
    if !label.file.path.ends_with(".sql") {
        return None;
    }
    let is_it = |range: &std::ops::Range<usize>| range.start <= label.range.start && label.range.start < range.end;
    let statement = statements(text).into_iter().find(is_it)?;
    let Feature { name, since, mark: _ } = Feature::newest_in(&text[statement])?;
    let needs = format!("the statement needs SQLite {since} or newer: {name}");
    if *since > own {
        Some(format!("{needs}; it was tried on {own}"))
    } else {
        (*since > Version::OLDEST).then_some(needs)
    }
}
