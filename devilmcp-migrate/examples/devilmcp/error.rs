//! Why the server did not start, and why a tool failed.

use std::error::Error;
use std::fmt::{self, Display, Write as _};
use std::io;
use std::path::PathBuf;

use devilmcp_migrate::rusqlite;
use rmcp::model::{ContentBlock, IntoContents};
use rmcp::service::ServerInitializeError;

/// Why the server did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("the project {} is not a directory", .0.display())]
    Project(PathBuf),

    #[error("cannot make {} an absolute path", .path.display())]
    Path { path: PathBuf, source: io::Error },

    #[error("cannot create the directory {}", .path.display())]
    Directory { path: PathBuf, source: io::Error },

    #[error("DEVILMCP_AUTO_MIGRATE is {0:?}, which is neither true, 1, yes, on nor false, 0, no, off")]
    AutoMigrate(String),

    #[error(
        "there is no database {}, and DEVILMCP_AUTO_MIGRATE is off; create it with `devilmcp db upgrade`",
        .0.display(),
    )]
    Missing(PathBuf),

    #[error(
        "the database {} {}, the latest is {latest}, and DEVILMCP_AUTO_MIGRATE is off; \
         bring it up to date with `devilmcp db upgrade`",
        .path.display(),
        Standing(*.current),
    )]
    Outdated { path: PathBuf, current: Option<i64>, latest: i64 },

    #[error(
        "the database {} is at version {current}, newer than {latest}, the latest this program knows; \
         use a newer devilmcp",
        .path.display(),
    )]
    Newer { path: PathBuf, current: i64, latest: i64 },

    #[error("cannot open the database {}", .path.display())]
    Open { path: PathBuf, source: rusqlite::Error },

    #[error("cannot tell the version of the database {}", .path.display())]
    Status { path: PathBuf, source: devilmcp_migrate::Error },

    #[error("cannot upgrade the database {}", .path.display())]
    Upgrade { path: PathBuf, source: devilmcp_migrate::Error },

    #[error("cannot start the event loop")]
    Runtime(#[source] io::Error),

    #[error("no client has connected")]
    Handshake(#[source] Box<ServerInitializeError>),

    #[error("the connection to the client broke")]
    Connection(#[source] tokio::task::JoinError),
}

/// Why a tool failed. The agent reads it, as the text of an unsuccessful result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ToolError {
    #[error("there is no task {0} to be the parent")]
    Parent(i64),

    #[error("the database could not carry it out")]
    Database(#[from] rusqlite::Error),

    #[error("cannot tell the version of the database")]
    Version(#[from] devilmcp_migrate::Error),
}

impl IntoContents for ToolError {
    fn into_contents(self) -> Vec<ContentBlock> {
        vec![ContentBlock::text(chain(&self))]
    }
}

/// The error and its causes, outermost first, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a String cannot fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

/// Where a database stands, as a part of a sentence about it.
struct Standing(Option<i64>);

impl Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(version) => write!(f, "is at version {version}"),
            None => f.write_str("has no version yet"),
        }
    }
}
