//! Where the database is that a verb is about: in a file, or on a server.

#[cfg(not(feature = "libsql"))]
mod absent;
#[cfg(feature = "libsql")]
mod there;

use std::path::Path;

#[cfg(not(feature = "libsql"))]
pub(super) use absent::{Server, look, planned, run, server};
#[cfg(feature = "libsql")]
pub(super) use there::{Server, look, planned, run, server};

use super::failure::Failure;

/// Where the database is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    File(&'a Path),
    Server(&'a Server),
}

impl<'a> Place<'a> {
    /// The file, for what is done to files only.
    pub(super) fn file(self) -> Result<&'a Path, Failure> {
        match self {
            Self::File(path) => Ok(path),
            Self::Server(_) => Err(Failure::Place(ELSEWHERE.to_owned())),
        }
    }
}

/// What is said of the other verbs.
pub(super) const ELSEWHERE: &str = "this is done to files only: of a database on a server there are `version`, `status`, `history`, `upgrade` and `downgrade`";

/// Where the token of a server is looked for: an argument would be seen by everybody on the machine.
#[cfg(feature = "libsql")]
const TOKEN: &str = "LIBSQL_AUTH_TOKEN";
