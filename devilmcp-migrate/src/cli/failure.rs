//! Why there is no answer.

use super::exit::Exit;
use super::outline::Outline;
use crate::error::Error;
use crate::versioned::UnknownVersion;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Migration(#[from] Error),
    #[error(transparent)]
    Version(#[from] UnknownVersion),
    #[error("{0}")]
    Path(String),
    #[error("{0}")]
    Place(String),
    #[error("{0}")]
    Table(String),
}

impl Failure {
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Version(_) | Self::Place(_) | Self::Table(_) => Exit::Usage,
            Self::Migration(_) | Self::Path(_) => Exit::Failed,
        }
    }

    /// A word for programs: the error's kind.
    pub(super) fn kind(&self) -> String {
        match self {
            Self::Migration(error) => format!("{:?}", error.kind()),
            Self::Version(_) => "UnknownVersion".to_owned(),
            Self::Place(_) => "Unsupported".to_owned(),
            Self::Table(_) => "UnknownHistory".to_owned(),
            Self::Path(_) => "CannotOpen".to_owned(),
        }
    }

    pub(super) fn outline(&self) -> Outline {
        match self {
            Self::Migration(error) => Outline::of(error),
            Self::Version(_) | Self::Place(_) | Self::Table(_) | Self::Path(_) => Outline::plain(self),
        }
    }
}
