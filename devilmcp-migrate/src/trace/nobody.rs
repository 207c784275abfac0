//! There is nobody to tell.

use std::path::Path;

use crate::event::Event;

/// None.
#[derive(Debug)]
pub(crate) struct Spans;

impl Spans {
    pub(crate) fn begin() -> Self {
        Self
    }
}

/// Nothing, until it is dropped.
#[derive(Debug)]
pub(crate) struct Named;

pub(crate) fn database(_: &Path) -> Named {
    Named
}

pub(crate) fn tell(_: &Event<'_>) {}

pub(crate) fn hears_statements() -> bool {
    false
}

pub(crate) fn hears_waiting() -> bool {
    false
}

/// Nobody asks who has called.
#[cfg(feature = "tokio")]
#[derive(Debug)]
pub(crate) struct Caller;

#[cfg(feature = "tokio")]
impl Caller {
    pub(crate) fn here() -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "with the feature `tracing` it knows")]
    pub(crate) fn within<T>(self, act: impl FnOnce() -> T) -> T {
        act()
    }
}
