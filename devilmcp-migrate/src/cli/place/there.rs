//! Databases on a libSQL server.

use std::env::{self, VarError};

use rusqlite::Connection;

use super::TOKEN;
use crate::cli::failure::Failure;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::libsql;

pub(in crate::cli) use crate::libsql::{Server, plan as planned, run};

/// The server at an address, asked with the token of the environment, if there is one.
pub(in crate::cli) fn server(url: &str, namespace: Option<&str>) -> Result<Server, Failure> {
    let server = Server::at(url)?;
    let server = namespace.into_iter().fold(server, Server::namespace);
    match env::var(TOKEN) {
        Ok(token) if !token.is_empty() => Ok(server.token(token)),
        Ok(_) | Err(VarError::NotPresent) => Ok(server),
        Err(VarError::NotUnicode(_)) => Err(Failure::Place(format!("{TOKEN} is no text"))),
    }
}

/// What the verbs that only look want to see of it.
pub(in crate::cli) fn look(server: &Server, embedded: &Embedded) -> Result<Connection, Error> {
    Ok(libsql::mirror(server, embedded)?.conn)
}
