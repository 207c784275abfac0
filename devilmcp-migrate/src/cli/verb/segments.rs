//! In which parts something is done, unless it is one as usual.

use crate::cli::names::id;
use crate::cli::output::Output;
use crate::plan::Segment;

pub(super) fn show<'a>(segments: impl Iterator<Item = Segment<'a>>, output: Output) {
    let segments: Vec<Segment<'_>> = segments.collect();
    let is_usual = |segment: &Segment<'_>| segment.is_atomic() && !segment.enforces_foreign_keys();
    if !segments.iter().all(is_usual) {
        let items: Vec<String> = segments.into_iter().map(described).collect();
        output.list("in parts, one after the other:", &items);
    }
}

/// `0003 to 0005: all or nothing, foreign keys enforced`
fn described(segment: Segment<'_>) -> String {
    let ids: Vec<String> = segment.steps().iter().map(|step| id(step.number())).collect();
    let range = match ids.as_slice() {
        [first, .., last] => format!("{first} to {last}"),
        ids => ids.concat(),
    };
    match (segment.is_atomic(), segment.enforces_foreign_keys()) {
        (true, false) => format!("{range}: all or nothing"),
        (true, true) => format!("{range}: all or nothing, foreign keys enforced"),
        (false, _) => format!("{range}: outside of a transaction"),
    }
}
