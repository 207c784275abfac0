//! A path -> a connection to the database in that file, or a word why not.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::{Cause, Error, Inner};

/// How a file is opened, for a caller who has no connection of his own.
pub(crate) struct Opening<'o> {
    pub(crate) busy_timeout: Duration,
    pub(crate) absent: Absent,
    openers: Vec<Box<Opener<'o>>>,
}

type Opener<'o> = dyn Fn(&Connection) -> rusqlite::Result<()> + Send + Sync + 'o;

/// What is done where there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    Refuse,
    Make,
}

impl<'o> Opening<'o> {
    pub(crate) fn new(absent: Absent) -> Self {
        // What rusqlite waits by default.
        Self { busy_timeout: Duration::from_secs(5), absent, openers: Vec::new() }
    }

    /// Does this, too, with each connection before it is used.
    pub(crate) fn then(&mut self, opener: impl Fn(&Connection) -> rusqlite::Result<()> + Send + Sync + 'o) {
        self.openers.push(Box::new(opener));
    }

    pub(crate) fn open(&self, path: &Path) -> Result<Connection, Error> {
        // Both are databases of their own to SQLite, which are gone when they are closed.
        if path.as_os_str().is_empty() || path.as_os_str() == ":memory:" {
            return Err(
                Inner::CannotOpen { path: path.to_owned(), source: Cause::Refused("that names no file") }.into()
            );
        }
        let conn = connect(path, self.absent)?;
        let prepare = || {
            conn.busy_timeout(self.busy_timeout)?;
            self.openers.iter().try_for_each(|open| open(&conn))
        };
        prepare().map_err(Error::sqlite("prepare the connection"))?;
        Ok(conn)
    }
}

impl fmt::Debug for Opening<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { busy_timeout, absent, openers } = self;
        let mut f = f.debug_struct("Opening");
        f.field("busy_timeout", busy_timeout).field("absent", absent).field("openers", &openers.len()).finish()
    }
}

/// A connection with nothing done to it.
pub(crate) fn connect(path: &Path, absent: Absent) -> Result<Connection, Error> {
    // Not the defaults of rusqlite: those make what is not there, and read a path that begins with `file:` as a URI. SQLite falls
    // back to reading where it must not write.
    let creation = if absent == Absent::Make { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | creation;
    Connection::open_with_flags(path, flags).map_err(|error| {
        let source = reason(path, absent).map_or(Cause::Sqlite(error), Cause::Refused);
        Inner::CannotOpen { path: path.to_owned(), source }.into()
    })
}

/// What SQLite does not say, which has one word for all of it. Asked only of what could not be opened.
fn reason(path: &Path, absent: Absent) -> Option<&'static str> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if path.is_dir() {
        Some("it is a directory, not a database file")
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        Some("there is no such directory to hold it")
    } else {
        (absent == Absent::Refuse && !path.exists()).then_some("there is no such file")
    }
}
