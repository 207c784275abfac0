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
    enforced: bool,
}

impl<'c> Session<'c> {
    /// Takes the write lock, waiting for it as long as the connection's busy timeout says.
    pub(crate) fn begin(conn: &'c mut Connection) -> Result<Self, Error> {
        if !conn.is_autocommit() {
            return Err(Inner::InTransaction.into());
        }
        let enforced = pragma(conn, "foreign_keys")? != 0;
        let mut session = Self { conn, watch: Watch::default(), enforced };
        // SQLite ignores this pragma inside a transaction, so it comes before BEGIN. With enforcement on, a table that is
        // dropped to be rebuilt would take its children with it: https://sqlite.org/foreignkeys.html#fk_schemacommands
        session.execute("PRAGMA foreign_keys = OFF", "switch foreign keys off")?;
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
        if std::mem::take(&mut self.enforced) {
            self.conn.execute_batch("PRAGMA foreign_keys = ON")?;
        }
        Ok(())
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
