//! One migration of a program.

use crate::digest::Digest;
use crate::mode::Mode;
use crate::name::label;
use crate::standing::Standing;

/// One migration, as it is [packed](crate::packed) into a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration<'a> {
    /// Its number; 1 or more.
    pub number: i64,
    /// Its name: `add_tags`.
    pub name: &'a str,
    /// The way up.
    pub up: &'a str,
    /// The way down; none if it is irreversible.
    pub down: Option<&'a str>,
    /// Of the way up.
    pub digest: Digest,
    /// Whether it was locked when it was compiled.
    pub standing: Standing,
    /// In what it is run, and undone.
    pub mode: Mode,
}

/// A migration that was released and is not there any more, because one file stands for it and others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// Its number; 1 or more.
    pub number: i64,
    /// Its name: `add_tags`.
    pub name: &'static str,
    /// Of the way up.
    pub digest: Digest,
}

impl Past {
    /// `0007_add_tags`, as messages name it.
    pub fn label(&self) -> String {
        label(self.number, self.name)
    }
}

/// A migration that is not there any more.
pub const fn past(number: i64, name: &'static str, digest: &[u8; 32]) -> Past {
    Past { number, name, digest: Digest(*digest) }
}

impl Migration<'_> {
    /// `0007_add_tags`, as messages name it.
    pub fn label(&self) -> String {
        label(self.number, self.name)
    }
}
