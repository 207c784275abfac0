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

/// A migration that can still change, with its way back if it has one.
pub const fn draft(
    number: i64,
    name: &'static str,
    up: &'static str,
    down: &'static [&'static str],
    digest: &[u8; 32],
    history: &[u8; 32],
) -> Migration {
    let down = if let [down] = down { Some(*down) } else { None };
    let (digest, history) = (Digest(*digest), Digest(*history));
    Migration { number, name, up, down, digest, history, standing: Standing::Draft, mode: Mode::Plain }
}

impl Migration {
    /// The same, which has shipped.
    #[must_use]
    pub const fn locked(self) -> Self {
        Self { standing: Standing::Locked, ..self }
    }

    /// The same, run otherwise than in the transaction of its run.
    #[must_use]
    pub const fn run_in(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// `0007_add_tags`, as messages name it.
    pub fn label(&self) -> String {
        format!("{:04}_{}", self.number, self.name)
    }
}
