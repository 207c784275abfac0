//! There is nobody to tell.

use crate::event::Event;

/// None.
#[derive(Debug)]
pub(crate) struct Spans;

impl Spans {
    pub(crate) fn begin() -> Self {
        Self
    }
}

pub(crate) fn tell(_: &Event<'_>) {}

pub(crate) fn hears_statements() -> bool {
    false
}

pub(crate) fn hears_waiting() -> bool {
    false
}
