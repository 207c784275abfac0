//! The database that a program makes in memory, made once a process and copied from then on.

use std::fmt;
use std::sync::OnceLock;

use rusqlite::{Connection, MAIN_DB};

use crate::error::Error;

/// The bytes of the database, once it was made.
pub(crate) struct Image(OnceLock<Box<[u8]>>);

impl Image {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// A copy of the database that `make` makes, which is asked once. Two that come first at once both ask, and get the same.
    pub(crate) fn open(&self, make: impl FnOnce() -> Result<Connection, Error>) -> Result<Connection, Error> {
        let bytes = if let Some(bytes) = self.0.get() {
            bytes
        } else {
            // Borrowed as rusqlite wants it from 0.41 on.
            let first = &mut make()?;
            let bytes = first.serialize(MAIN_DB).map_err(Error::sqlite("keep a database in memory"))?.to_vec();
            self.0.get_or_init(|| bytes.into())
        };
        let attempt = || Error::sqlite("copy a database in memory");
        let mut conn = Connection::open_in_memory().map_err(attempt())?;
        conn.deserialize_read_exact(MAIN_DB, &**bytes, bytes.len(), false).map_err(attempt())?;
        Ok(conn)
    }
}

/// Not the bytes: there may be megabytes of them.
impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Image").field(&self.0.get().map(|bytes| bytes.len())).finish()
    }
}
