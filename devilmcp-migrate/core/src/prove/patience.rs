//! How long a statement may take over rows that are made up: a value that says how long a series is to be may say anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::Connection;

/// Interrupts statements on one connection once they have taken too long.
#[derive(Debug, Clone)]
pub(super) struct Patience(Arc<AtomicI64>);

/// So many of SQLite's instructions are one step.
const STEP: i32 = 10_000;
/// So many steps may be taken over rows of ours: a second or two, where a migration of a few rows takes some milliseconds.
const STEPS: i64 = 3_000;

impl Patience {
    /// Without a limit, for now.
    pub(super) fn install(conn: &mut Connection) -> rusqlite::Result<Self> {
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let seen = Arc::clone(&left);
        conn.progress_handler(STEP, Some(move || seen.fetch_sub(1, Ordering::Relaxed) <= 0))?;
        Ok(Self(left))
    }

    /// From now on there is a limit.
    pub(super) fn limit(&self) {
        self.0.store(STEPS, Ordering::Relaxed);
    }

    /// From now on there is none.
    pub(super) fn lift(&self) {
        self.0.store(i64::MAX, Ordering::Relaxed);
    }
}
