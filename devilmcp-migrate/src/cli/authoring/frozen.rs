//! The checkpoint that there should be.

use std::io::ErrorKind;
use std::path::Path;

use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::prove::{Unprovable, freeze};
use devilmcp_migrate_core::script::Script;

use super::whole;

/// What is to become of `migrations.checkpoint`.
#[derive(Debug)]
pub(super) enum Frozen {
    /// There is none, and none was asked for.
    Unwanted,
    /// It is as it should be.
    Current,
    /// It should be this instead, or is not there.
    Outdated(String),
    /// There can be none.
    Impossible(Unprovable),
}

impl Frozen {
    /// For migrations that work, in `dir`; a checkpoint that is there is wanted.
    pub(super) fn of(dir: &Path, scripts: &[Script], wanted: bool) -> Self {
        let there = whole::read(dir, listing::CHECKPOINT);
        if there.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound) && !wanted {
            return Self::Unwanted;
        }
        match freeze(scripts) {
            Ok(text) if there.is_ok_and(|there| *there == *text) => Self::Current,
            Ok(text) => Self::Outdated(text),
            Err(reason) => Self::Impossible(reason),
        }
    }

    /// What is to be written.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Outdated(text) => Some(text),
            Self::Unwanted | Self::Current | Self::Impossible(_) => None,
        }
    }

    /// Why there can be none.
    pub(super) fn reason(&self) -> Option<String> {
        match self {
            Self::Impossible(reason) => Some(reason.to_string()),
            Self::Unwanted | Self::Current | Self::Outdated(_) => None,
        }
    }
}
