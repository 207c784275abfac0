//! Waiting for what other connections hold.
//!
//! Mostly SQLite waits by itself. It does not where two could wait for each other, and answers at once, whatever the busy
//! timeout: <https://sqlite.org/c3ref/busy_handler.html>. So it is where the journal mode is changed, which begins with a read
//! lock and goes on to a write lock; on the way out of WAL mode; and wherever a WAL file is being
//! [recovered or removed](https://sqlite.org/wal.html#sometimes_queries_return_sqlite_busy_in_wal_mode). Nor does it know of claims.

use std::hash::{BuildHasher as _, RandomState};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::attend;
use crate::error::Error;
use crate::session::pragma;

/// Tries that follow each other, until the busy timeout has passed since the first began.
#[derive(Debug)]
pub(crate) struct Wait {
    started: Instant,
    pause: Duration,
}

impl Wait {
    /// The first try begins.
    pub(crate) fn start() -> Self {
        Self { started: Instant::now(), pause: SHORTEST }
    }

    /// Whether to try again, after a pause: every wait that is not SQLite's own is here.
    pub(crate) fn again(&mut self, conn: &Connection) -> bool {
        let left = timeout(conn).saturating_sub(self.started.elapsed());
        if left.is_zero() || attend::is_ending() {
            return false;
        }
        // Those who were refused together would otherwise meet again.
        let share = u32::from(RandomState::new().hash_one(()).to_le_bytes()[0]);
        thread::sleep((self.pause / 2 + self.pause * share / 256).min(left));
        self.pause = (self.pause * 2).min(LONGEST);
        attend::waits();
        !attend::is_ending()
    }
}

/// Does something that changes nothing if others hold a lock, until they do not.
pub(crate) fn for_lock<T>(conn: &Connection, act: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    until(conn, Error::is_locked, act).map_err(|error| error.waited(timeout(conn)))
}

/// Does something until it succeeds, or fails for another reason than one that passes.
pub(crate) fn until<T, E>(
    conn: &Connection,
    passes: impl Fn(&E) -> bool,
    mut act: impl FnMut() -> Result<T, E>,
) -> Result<T, E> {
    let mut wait = Wait::start();
    loop {
        match act() {
            Err(error) if passes(&error) && wait.again(conn) => {}
            outcome => return outcome,
        }
    }
}

/// How long the connection waits. Not at all where the caller has a busy handler of its own: nobody can tell how long that
/// would. Nor where it cannot be read: there is an error already when this is asked, and that is the one to hear of.
pub(crate) fn timeout(conn: &Connection) -> Duration {
    attend::timeout().unwrap_or_else(|| setting(conn))
}

/// What the connection itself says.
pub(crate) fn setting(conn: &Connection) -> Duration {
    let milliseconds = pragma(conn, "busy_timeout").unwrap_or_default();
    Duration::from_millis(milliseconds.try_into().unwrap_or_default())
}

const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_millis(20);
