//! Who wants to hear of events.

use std::fmt;
use std::sync::Arc;

use crate::event::Event;
use crate::trace;

/// Who wants to hear of events, in the order in which they asked.
#[derive(Clone, Default)]
pub(crate) struct Listeners(Vec<Arc<Listener>>);

/// `'static`, and for any thread: SQLite's progress handler has to be able to keep it.
type Listener = dyn Fn(&Event<'_>) + Send + Sync;

impl Listeners {
    pub(crate) fn add(&mut self, listener: impl Fn(&Event<'_>) + Send + Sync + 'static) {
        self.0.push(Arc::new(listener));
    }

    /// Whether there are any: what costs something to find out is found out for somebody only.
    pub(crate) fn are_there(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether anybody wants to know which statement is run.
    pub(crate) fn hear_statements(&self) -> bool {
        self.are_there() || trace::hears_statements()
    }

    /// Whether anybody wants to know that a run waits.
    pub(crate) fn hear_waiting(&self) -> bool {
        self.are_there() || trace::hears_waiting()
    }

    pub(crate) fn raise(&self, event: Event<'_>) {
        trace::tell(&event);
        for listener in &self.0 {
            listener(&event);
        }
    }
}

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Listeners({})", self.0.len())
    }
}
