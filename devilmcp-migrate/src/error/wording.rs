//! Numbers and lists in sentences.

use std::fmt;
use std::time::Duration;

/// What a run would have done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Left {
    Apply(usize),
    Revert(usize),
}

/// `1 migration to apply`
impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apply(count) => write!(f, "{} to apply", Count(*count, "migration")),
            Self::Revert(count) => write!(f, "{} to undo", Count(*count, "migration")),
        }
    }
}

/// How long another connection was in the way.
#[derive(Debug)]
pub(super) struct Held(pub(super) Duration);

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            0 => f.write_str("holds the lock, and no busy timeout is set"),
            timeout => write!(f, "held the lock for longer than the busy timeout of {timeout} ms"),
        }
    }
}

/// A number of things.
#[derive(Debug)]
pub(super) struct Count(pub(super) usize, pub(super) &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}

/// Some things with something between them; not more than fit a message.
pub(super) struct List<'a, T>(pub(super) &'static str, pub(super) &'a [T]);

impl<T: fmt::Display> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 10;
        let Self(between, items) = self;
        for (at, item) in items.iter().take(MOST).enumerate() {
            write!(f, "{}{item}", if at == 0 { "" } else { between })?;
        }
        match items.len().checked_sub(MOST) {
            Some(more @ 1..) => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}

pub(super) struct WasWere<'a>(pub(super) &'a [String]);

impl fmt::Display for WasWere<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", List(", ", self.0), if self.0.len() == 1 { "was" } else { "were" })
    }
}
