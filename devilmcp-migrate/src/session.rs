//! A connection in the state that migrations need, and given back as it was.

use std::ops::Deref;

use devilmcp_migrate_core::authorizer::Watch;
use rusqlite::Connection;

use crate::error::{Error, Inner};

/// One run: foreign keys off, the write lock held, scripts watched. Dropped before [`Session::commit`], as on an error or a
/// panic, it rolls back; either way the connection is then as it was.
#[derive(Debug)]
pub(crate) struct Session<'c> {
    conn: &'c mut Connection,
    watch: Watch,
    /// Which of [`SETTINGS`] were on.
    settings: [bool; SETTINGS.len()],
}

/// Settings of a connection by which a script does something else than it did when it was compiled. All are off during a
/// run. A script may switch some of them on for itself.
///
/// With foreign keys enforced, a table that is dropped to be rebuilt would take its children with it:
/// <https://sqlite.org/foreignkeys.html#fk_schemacommands>
const SETTINGS: [&str; 5] =
    ["foreign_keys", "legacy_alter_table", "recursive_triggers", "ignore_check_constraints", "writable_schema"];

impl<'c> Session<'c> {
    /// Takes the write lock, waiting for it as long as the connection's busy timeout says.
    pub(crate) fn begin(conn: &'c mut Connection) -> Result<Self, Error> {
        if !conn.is_autocommit() {
            return Err(Inner::InTransaction.into());
        }
        let mut settings = [false; SETTINGS.len()];
        for (setting, name) in settings.iter_mut().zip(SETTINGS) {
            *setting = pragma(conn, name)? != 0;
        }
        let mut session = Self { conn, watch: Watch::default(), settings };
        // SQLite ignores the pragma `foreign_keys` inside a transaction, so this comes before BEGIN.
        session.set([false; SETTINGS.len()]).map_err(Error::sqlite("prepare the connection"))?;
        // A deferred transaction could not wait for a writer once it has read: https://sqlite.org/lang_transaction.html
        session.execute("BEGIN IMMEDIATE", "begin a transaction")?;
        session.watch = Watch::install(session.conn).map_err(Error::sqlite("watch the connection"))?;
        Ok(session)
    }

    /// Makes everything permanent and gives the connection back.
    pub(crate) fn commit(mut self) -> Result<(), Error> {
        self.execute("COMMIT", "commit")?;
        self.restore().map_err(Error::sqlite("restore the connection"))
    }

    /// Sees what scripts do.
    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    pub(crate) fn execute(&self, sql: &str, attempt: &'static str) -> Result<(), Error> {
        self.conn.execute_batch(sql).map_err(Error::sqlite(attempt))
    }

    fn restore(&mut self) -> rusqlite::Result<()> {
        Watch::remove(self.conn)?;
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        self.set(self.settings)
    }

    fn set(&self, settings: [bool; SETTINGS.len()]) -> rusqlite::Result<()> {
        let lines = SETTINGS.iter().zip(settings).map(|(name, on)| format!("PRAGMA {name} = {};", i32::from(on)));
        self.conn.execute_batch(&lines.collect::<String>())
    }
}

impl Deref for Session<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // After a commit there is nothing left to do. After an error, that error is the one to hear of: SQLite rolls back
        // by itself when the connection is closed, and when the next one opens the file.
        let _ = self.restore();
    }
}

/// A pragma that is one integer.
pub(crate) fn pragma(conn: &Connection, name: &str) -> Result<i64, Error> {
    conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).map_err(Error::sqlite("read a pragma"))
}
