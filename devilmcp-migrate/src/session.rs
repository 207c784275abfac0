//! A connection in the state that migrations need, and given back as it was.

use std::ops::Deref;

use devilmcp_migrate_core::authorizer::Watch;
use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::schema::Schema;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ffi};

use crate::attend;
use crate::error::{Cause, Error, Inner, NO_TEXT};
use crate::header::Header;
use crate::wait::for_lock;

/// One transaction, or none where a script wants none: foreign keys as its scripts want them, the write lock held, scripts
/// watched. Dropped before [`Session::commit`], as on an error or a
/// panic, it rolls back; either way the connection is then as it was.
#[derive(Debug)]
pub(crate) struct Session<'c> {
    conn: &'c mut Connection,
    watch: Watch,
    /// Which of [`SETTINGS`] were on.
    settings: [bool; SETTINGS.len()],
}

/// Settings of a connection by which a script does something else than it did when it was compiled. All are off during a
/// run, but for the first where a script asks for it. A script may switch some of the others on for itself.
///
/// With foreign keys enforced, a table that is dropped to be rebuilt would take its children with it:
/// <https://sqlite.org/foreignkeys.html#fk_schemacommands>
///
/// Those that SQLite also switches by a call are switched by it: a pragma has to be parsed, and that needs memory, which may be what
/// has run out when the connection is given back.
const SETTINGS: [(&str, Option<DbConfig>); 5] = [
    ("foreign_keys", Some(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY)),
    ("legacy_alter_table", Some(DbConfig::SQLITE_DBCONFIG_LEGACY_ALTER_TABLE)),
    ("recursive_triggers", None),
    ("ignore_check_constraints", None),
    ("writable_schema", Some(DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA)),
];

impl<'c> Session<'c> {
    /// Takes the write lock, waiting for it as long as the connection's busy timeout says.
    pub(crate) fn begin(conn: &'c mut Connection, mode: Mode) -> Result<Self, Error> {
        if !conn.is_autocommit() {
            return Err(Inner::InTransaction.into());
        }
        let mut settings = [false; SETTINGS.len()];
        for (setting, (name, _)) in settings.iter_mut().zip(SETTINGS) {
            *setting = pragma(conn, name)? != 0;
        }
        let mut session = Self { conn, watch: Watch::default(), settings };
        // Inside a transaction foreign keys are not to be switched, so this comes before BEGIN.
        let wanted = SETTINGS.map(|(name, _)| name == "foreign_keys" && mode.enforces_foreign_keys());
        session.set(wanted).map_err(Error::sqlite("prepare the connection"))?;
        // On a file that is open for reading only, SQLite begins a transaction for reading and says nothing.
        if session.is_readonly(rusqlite::MAIN_DB).map_err(Error::sqlite("begin a transaction"))? {
            return Err(Inner::ReadOnly { left: None, source: None }.into());
        }
        if mode.is_atomic() {
            // A deferred transaction could not wait for a writer once it has read: https://sqlite.org/lang_transaction.html
            for_lock(session.conn, || session.execute("BEGIN IMMEDIATE", "begin a transaction"))?;
        }
        // What watches is told names as text, and must not be told others.
        if !for_lock(session.conn, || Schema::is_text(&session).map_err(Error::sqlite("read the schema")))? {
            return Err(Inner::NotADatabase { source: Cause::Refused(NO_TEXT) }.into());
        }
        session.watch = Watch::install(session.conn).map_err(Error::sqlite("watch the connection"))?;
        session.watch.enter(mode);
        Ok(session)
    }

    /// Makes everything permanent and gives the connection back.
    pub(crate) fn commit(self) -> Result<(), Error> {
        // Where readers are in the way, the transaction stays open: https://sqlite.org/lang_transaction.html
        for_lock(self.conn, || {
            self.conn.execute_batch("COMMIT").map_err(|error| {
                match error.sqlite_error().map(|error| error.extended_code) {
                    Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Inner::Deferred { source: Cause::Sqlite(error) }.into(),
                    _ => Error::sqlite("commit")(error),
                }
            })
        })?;
        self.close()
    }

    /// Gives the connection back; what was done outside of a transaction stays.
    pub(crate) fn close(mut self) -> Result<(), Error> {
        self.restore().map_err(Error::sqlite("restore the connection"))
    }

    /// Sees what scripts do.
    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    pub(crate) fn execute(&self, sql: &str, attempt: &'static str) -> Result<(), Error> {
        self.conn.execute_batch(sql).map_err(Error::sqlite(attempt))
    }

    /// All of it, whatever of it fails, and what has failed once more.
    fn restore(&mut self) -> rusqlite::Result<()> {
        let removed = Watch::remove(self.conn).or_else(|_| Watch::remove(self.conn));
        let rolled_back = self.roll_back().or_else(|_| self.roll_back());
        let set = self.set(self.settings).or_else(|_| self.set(self.settings));
        removed.and(rolled_back).and(set)
    }

    fn roll_back(&self) -> rusqlite::Result<()> {
        // After some errors SQLite has done so itself.
        if self.conn.is_autocommit() { Ok(()) } else { self.conn.execute_batch("ROLLBACK") }
    }

    fn set(&self, settings: [bool; SETTINGS.len()]) -> rusqlite::Result<()> {
        let switches = SETTINGS.into_iter().zip(settings).map(|((name, config), on)| match config {
            Some(config) => self.conn.set_db_config(config, on).map(drop),
            None => self.conn.execute_batch(&format!("PRAGMA {name} = {}", i32::from(on))),
        });
        switches.fold(Ok(()), Result::and)
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

/// Looks at the database as it is at one moment, whatever others commit meanwhile; `look` is given the header.
///
/// A statement that has not ended keeps the read transaction open, for all statements of its connection. BEGIN would do as
/// well, but not where the caller has begun already.
pub(crate) fn moment<T>(conn: &Connection, mut look: impl FnMut(Header) -> Result<T, Error>) -> Result<T, Error> {
    let attempt = || Error::sqlite("read the database header");
    for_lock(conn, || {
        let mut statement = conn.prepare("PRAGMA user_version").map_err(attempt())?;
        let mut rows = statement.query([]).map_err(attempt())?;
        let row = rows.next().map_err(attempt())?.ok_or(rusqlite::Error::QueryReturnedNoRows).map_err(attempt())?;
        look(Header { tag: row.get(0).map_err(attempt())?, cookie: pragma(conn, "schema_version")? })
    })
}

/// Does something without waiting for locks.
pub(crate) fn without_waiting<T>(conn: &mut Connection, act: impl FnOnce(&mut Connection) -> T) -> Result<T, Error> {
    if let Some(attention) = attend::present() {
        return Ok(attention.hurried(|| act(conn)));
    }
    let timeout = pragma(conn, "busy_timeout")?;
    // 0 may stand for a busy handler of the caller's, which could not be given back.
    let set = |conn: &Connection, timeout: i64| conn.execute_batch(&format!("PRAGMA busy_timeout = {timeout}"));
    let attempt = || Error::sqlite("set the busy timeout");
    if timeout > 0 {
        set(conn, 0).map_err(attempt())?;
    }
    let result = act(conn);
    if timeout > 0 {
        set(conn, timeout).map_err(attempt())?;
    }
    Ok(result)
}

/// A pragma that is one integer.
pub(crate) fn pragma(conn: &Connection, name: &str) -> Result<i64, Error> {
    conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).map_err(Error::sqlite("read a pragma"))
}
