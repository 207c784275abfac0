//! Panics that nobody sees: SQLite's callbacks catch them, and where a program aborts on panics they end it.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

/// Fails if anything panics meanwhile, even if that is caught.
#[track_caller]
pub(crate) fn without_panics<T>(what: &str, act: impl FnOnce() -> T) -> T {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICS.with(|panics| panics.set(panics.get() + 1));
            before(info);
        }));
    });
    let before = PANICS.with(Cell::get);
    let outcome = act();
    assert_eq!(PANICS.with(Cell::get), before, "{what}: something has panicked");
    outcome
}

thread_local! {
    /// How often this thread has panicked.
    static PANICS: Cell<u32> = const { Cell::new(0) };
}
