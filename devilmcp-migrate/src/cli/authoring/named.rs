//! Which database is meant, as a person names it.

use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::failure::Failure;
use crate::cli::place::{self, ELSEWHERE, Place, Server};

/// A database that is named.
pub(super) trait Named {
    fn found(&self) -> Result<Found, Failure>;
}

/// Where it is.
#[derive(Debug)]
pub(super) enum Found {
    File(PathBuf),
    Server(Server),
}

impl Found {
    pub(super) fn place(&self) -> Place<'_> {
        match self {
            Self::File(path) => Place::File(path),
            Self::Server(server) => Place::Server(server),
        }
    }

    /// Of two of which a group has made one.
    fn of(file: Option<&Path>, address: &Address) -> Result<Self, Failure> {
        let file = || Self::File(file.unwrap_or(Path::new("")).to_owned());
        Ok(address.server()?.map_or_else(file, Self::Server))
    }
}

/// A file.
#[derive(Debug, clap::Args)]
pub(super) struct File {
    /// The database
    #[arg(long, value_name = "FILE")]
    database: PathBuf,
}

/// A file, or a database on a server.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false, args = ["database", "url"])]
pub(super) struct FileOrServer {
    /// The database
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,

    #[command(flatten)]
    address: Address,
}

/// A file, all of a directory, as the verb says, or a database on a server.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false, args = ["database", "all", "url"])]
pub(super) struct OneOrAll {
    /// The database
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,

    #[command(flatten)]
    address: Address,
}

/// Where a database on a server is.
#[derive(Debug, clap::Args)]
pub(super) struct Address {
    /// The database on this libSQL server instead: `libsql://HOST`, or `http://HOST:PORT`; its token is read from the variable `LIBSQL_AUTH_TOKEN`
    #[arg(long, value_name = "URL")]
    url: Option<String>,

    /// In this namespace of the server [default: the one that it takes the host for]
    #[arg(long, value_name = "NAME")]
    namespace: Option<String>,
}

impl Address {
    pub(super) fn server(&self) -> Result<Option<Server>, Failure> {
        match (&self.url, &self.namespace) {
            (Some(url), namespace) => place::server(url, namespace.as_deref()).map(Some),
            // To clap this is no mistake: what is required is not, where it cannot be.
            (None, Some(_)) => Err(Failure::Place("--namespace is of a server: say with --url of which".to_owned())),
            (None, None) => Ok(None),
        }
    }
}

impl Named for File {
    fn found(&self) -> Result<Found, Failure> {
        Ok(Found::File(self.database.clone()))
    }
}

impl Named for FileOrServer {
    fn found(&self) -> Result<Found, Failure> {
        Found::of(self.database.as_deref(), &self.address)
    }
}

/// Of all, none is named.
impl Named for OneOrAll {
    fn found(&self) -> Result<Found, Failure> {
        Found::of(self.database.as_deref(), &self.address)
    }
}

/// What is said of a call that asks of a server what is done to files only.
pub(super) fn elsewhere(error: &clap::Error) -> Option<&'static str> {
    let said = error.get(ContextKind::InvalidArg);
    let is_server = matches!(said, Some(ContextValue::String(argument)) if argument == "--url");
    (error.kind() == ErrorKind::UnknownArgument && is_server).then_some(ELSEWHERE)
}
