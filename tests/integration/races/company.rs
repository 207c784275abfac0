//! Who else has the database open while programs start.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use devilmcp_migrate::rusqlite::{Connection, TransactionBehavior};

use super::starts::TIMEOUT;
use crate::support::{Database, integer};

/// Who else has the database open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    Nobody,
    /// Holds one transaction: in WAL mode until all have started; elsewhere it keeps others from committing, so it ends earlier.
    Reader,
    /// Commits, rests, and commits again.
    Writer,
}

impl Company {
    /// Runs `starts` in this company, which must not have seen anything that it should not. `starts` is given what is to be done
    /// when they are under way.
    pub(super) fn around<T>(self, database: &Database, starts: impl FnOnce(Box<dyn FnOnce()>) -> T) -> T {
        match self {
            Self::Nobody => starts(Box::new(|| {})),
            Self::Reader => {
                let mut reader = Reader::begin(database);
                if reader.is_in_wal {
                    let outcome = starts(Box::new(|| {}));
                    reader.look();
                    outcome
                } else {
                    starts(Box::new(move || {
                        thread::sleep(Duration::from_millis(150));
                        reader.look();
                    }))
                }
            }
            Self::Writer => {
                let is_over = AtomicBool::new(false);
                thread::scope(|scope| {
                    let writer = scope.spawn(|| write(database, &is_over));
                    let outcome = starts(Box::new(|| {}));
                    is_over.store(true, Ordering::Relaxed);
                    let commits = writer.join().unwrap();
                    assert_eq!(integer(&database.open(), "PRAGMA application_id"), commits);
                    outcome
                })
            }
        }
    }
}

/// A transaction that sees the database as it is when it begins.
struct Reader {
    conn: Connection,
    seen: i64,
    is_in_wal: bool,
}

impl Reader {
    fn begin(database: &Database) -> Self {
        let conn = database.open();
        conn.execute_batch("BEGIN").unwrap();
        let seen = integer(&conn, OBJECTS);
        let is_in_wal = integer(&conn, "SELECT journal_mode = 'wal' FROM pragma_journal_mode") == 1;
        Self { conn, seen, is_in_wal }
    }

    fn look(&mut self) {
        assert_eq!(integer(&self.conn, OBJECTS), self.seen);
    }
}

/// Counts its own commits, in the database and beside it: what others do to the same page must not lose one.
fn write(database: &Database, is_over: &AtomicBool) -> i64 {
    let mut conn = database.open();
    conn.busy_timeout(TIMEOUT).unwrap();
    let mut commits = 0;
    while !is_over.load(Ordering::Relaxed) {
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        assert_eq!(integer(&transaction, "PRAGMA application_id"), commits);
        commits += 1;
        transaction.pragma_update(None, "application_id", commits).unwrap();
        thread::sleep(Duration::from_millis(3));
        transaction.commit().unwrap();
        thread::sleep(Duration::from_millis(3));
    }
    commits
}

const OBJECTS: &str = "SELECT count(*) FROM sqlite_schema";
