//! The data that the macro emits and the runtime consumes.

use crate::digest::Digest;
use crate::mode::Mode;
use crate::standing::Standing;

/// One migration as it is compiled into a program. All of it is constant.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number; 1 or more.
    pub number: i64,
    /// Its name: `add_tags`.
    pub name: &'static str,
    /// The way up.
    pub up: &'static str,
    /// The way down; none if it is irreversible.
    pub down: Option<&'static str>,
    /// Of the way up.
    pub digest: Digest,
    /// Of all migrations up to and with this one.
    pub history: Digest,
    /// Whether it was locked when it was compiled.
    pub standing: Standing,
    /// In what it is run, and undone.
    pub mode: Mode,
}

impl Migration {
    /// `0007_add_tags`, as messages name it.
    pub fn label(&self) -> String {
        format!("{:04}_{}", self.number, self.name)
    }
}
