//! A run that somebody listens to, or may cancel: SQLite calls back while it waits for a lock, and while it is at a long statement.
//!
//! SQLite has one [progress handler](https://sqlite.org/c3ref/progress_handler.html) and one
//! [busy handler](https://sqlite.org/c3ref/busy_handler.html) a connection. They are taken only where somebody wants to know, and the
//! latter only where it stands for a busy timeout, which can be given back.

mod attention;

use std::cell::RefCell;
use std::ffi::c_int;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use crate::error::{Error, Inner};
use crate::order::Options;
use crate::wait;

pub(crate) use attention::Attention;

/// Does a whole run, attended if there is anybody who wants to attend to it.
pub(crate) fn attended<T>(
    conn: &mut Connection,
    options: &Options<'_>,
    act: impl FnOnce(&mut Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    if !options.listeners.hear_waiting() && options.cancel.is_none() {
        return act(conn);
    }
    let attended = Attended::begin(conn, options).map_err(Error::sqlite("attend to the connection"))?;
    let outcome = act(attended.conn);
    let attention = Arc::clone(&attended.attention);
    drop(attended);
    if let Some(panic) = attention.take_panic() {
        // Nothing may unwind through SQLite, which stood between a listener and here.
        resume_unwind(panic);
    }
    outcome.map_err(|error| if attention.is_cancelled() { error.cancelled() } else { error })
}

/// An error as it is to be told, if somebody has cancelled.
pub(crate) fn explain(error: Error) -> Error {
    if present().is_some_and(|attention| attention.is_cancelled()) { error.cancelled() } else { error }
}

/// Whether somebody has cancelled, and the run of this thread is where that can be heeded.
pub(crate) fn is_ending() -> bool {
    present().is_some_and(|attention| attention.is_ending())
}

/// The same as an error.
pub(crate) fn check() -> Result<(), Error> {
    if is_ending() { Err(Inner::Cancelled { at: None, source: None }.into()) } else { Ok(()) }
}

/// The run of this thread waits for others, and that goes on.
pub(crate) fn waits() {
    if let Some(attention) = present() {
        attention.waits();
    }
}

/// How long the caller wants to wait for locks, where the connection itself does not say it now.
pub(crate) fn timeout() -> Option<Duration> {
    present().and_then(|attention| attention.timeout())
}

/// Does something that must not be cancelled halfway.
pub(crate) fn shielded<T>(act: impl FnOnce() -> T) -> T {
    match present() {
        Some(attention) => attention.shielded(act),
        None => act(),
    }
}

/// Who attends to the run that this thread is at.
pub(crate) fn present() -> Option<Arc<Attention>> {
    PRESENT.with_borrow(|present| present.last().cloned())
}

thread_local! {
    /// The attended runs of this thread, innermost last: a busy handler is told nothing but how often it was called.
    static PRESENT: RefCell<Vec<Arc<Attention>>> = const { RefCell::new(Vec::new()) };
}

/// A connection with our handlers; without them when this is dropped.
#[derive(Debug)]
struct Attended<'c> {
    conn: &'c mut Connection,
    attention: Arc<Attention>,
}

impl<'c> Attended<'c> {
    fn begin(conn: &'c mut Connection, options: &Options<'_>) -> rusqlite::Result<Self> {
        let attention = Arc::new(Attention::new(options, wait::setting(conn)));
        PRESENT.with_borrow_mut(|present| present.push(Arc::clone(&attention)));
        let attended = Self { conn, attention };
        let attention = Arc::clone(&attended.attention);
        if attended.attention.takes_progress() {
            attended.conn.progress_handler(INSTRUCTIONS, Some(move || attention.is_to_stop()))?;
        }
        if attended.attention.takes_waiting() {
            attended.conn.busy_handler(Some(is_to_wait as fn(i32) -> bool))?;
        }
        Ok(attended)
    }
}

impl Drop for Attended<'_> {
    fn drop(&mut self) {
        PRESENT.with_borrow_mut(Vec::pop);
        // Neither can fail on a connection of rusqlite's own, and if one did, the outcome of the run is what to hear of.
        if self.attention.takes_progress() {
            let _ = self.conn.progress_handler(0, None::<fn() -> bool>);
        }
        if self.attention.takes_waiting() {
            let _ = self.conn.busy_timeout(self.attention.setting());
        }
    }
}

/// The busy handler: whether to try again, after a pause.
fn is_to_wait(times: i32) -> bool {
    present().is_some_and(|attention| attention.is_to_wait(times))
}

/// So many of SQLite's instructions between two looks: some tens of microseconds.
const INSTRUCTIONS: c_int = 1000;
