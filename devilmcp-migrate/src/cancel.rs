//! A run that somebody else may end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends runs from another thread; clones end the same ones. See [`Migrator::cancel_with`](crate::Migrator::cancel_with).
///
/// It stays cancelled: a run that is given it later ends before it changes anything.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<Flag>);

#[derive(Debug, Default)]
struct Flag {
    is_set: AtomicBool,
    /// That ends these runs, too.
    parent: Option<Cancel>,
}

impl Cancel {
    /// Not cancelled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the runs that were given it end, at the next statement at the latest. Returns at once; those runs return when they
    /// have rolled back.
    pub fn cancel(&self) {
        self.0.is_set.store(true, Ordering::Relaxed);
    }

    /// Whether somebody has cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_set.load(Ordering::Relaxed) || self.0.parent.as_ref().is_some_and(Self::is_cancelled)
    }

    /// Ends some of the runs that this one ends.
    #[cfg(feature = "tokio")]
    pub(crate) fn child(self) -> Self {
        Self(Arc::new(Flag { is_set: AtomicBool::new(false), parent: Some(self) }))
    }
}
