//! Pages from one database to another.

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ffi};

use crate::attend;

/// Pages that are copied at a time.
const STEP: i32 = 1024;

/// Copies everything, in one transaction of `to`, and tells `progress` how many pages that are, of how many.
pub(super) fn copy(from: &Connection, to: &mut Connection, progress: &dyn Fn(u64, u64)) -> rusqlite::Result<()> {
    finish(&Backup::new(from, to)?, progress)
}

/// Copies what is left, in one transaction. Dropped before the end, it rolls back: <https://sqlite.org/c3ref/backup_finish.html>
pub(super) fn finish(copy: &Backup<'_, '_>, progress: &dyn Fn(u64, u64)) -> rusqlite::Result<()> {
    loop {
        let result = step(copy, STEP)?;
        let [remaining, of] = [copy.progress().remaining, copy.progress().pagecount].map(i32::unsigned_abs);
        progress((of - remaining.min(of)).into(), of.into());
        if result == StepResult::Done {
            return Ok(());
        }
        if attend::is_ending() {
            return Err(failure(ffi::SQLITE_INTERRUPT));
        }
    }
}

/// Copies some pages; none, if it is only to take the locks.
pub(super) fn step(copy: &Backup<'_, '_>, pages: i32) -> rusqlite::Result<StepResult> {
    match copy.step(pages)? {
        // What there was to wait was waited by the busy timeout.
        StepResult::Busy => Err(failure(ffi::SQLITE_BUSY)),
        StepResult::Locked => Err(failure(ffi::SQLITE_LOCKED)),
        result => Ok(result),
    }
}

fn failure(code: i32) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
}
