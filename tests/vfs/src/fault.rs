//! Which call is to fail, and how.

use std::collections::BTreeMap;
use std::ffi::c_int;

use rusqlite::ffi;

/// What SQLite may ask of a file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as SQLite's method of a VFS or a file is")]
pub enum Call {
    Open,
    Delete,
    Access,
    Read,
    Write,
    Truncate,
    Sync,
    FileSize,
    Lock,
    Unlock,
    CheckReservedLock,
    ShmMap,
    ShmLock,
}

impl Call {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Open,
        Self::Delete,
        Self::Access,
        Self::Read,
        Self::Write,
        Self::Truncate,
        Self::Sync,
        Self::FileSize,
        Self::Lock,
        Self::Unlock,
        Self::CheckReservedLock,
        Self::ShmMap,
        Self::ShmLock,
    ];

    /// Those by which a file system becomes another one.
    pub const CHANGING: [Self; 5] = [Self::Open, Self::Delete, Self::Write, Self::Truncate, Self::Sync];

    /// What SQLite's own VFS answers when the operating system refuses it.
    pub(crate) fn error(self) -> c_int {
        match self {
            Self::Open => ffi::SQLITE_CANTOPEN,
            Self::Delete => ffi::SQLITE_IOERR_DELETE,
            Self::Access => ffi::SQLITE_IOERR_ACCESS,
            Self::Read => ffi::SQLITE_IOERR_READ,
            Self::Write => ffi::SQLITE_IOERR_WRITE,
            Self::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
            Self::Sync => ffi::SQLITE_IOERR_FSYNC,
            Self::FileSize => ffi::SQLITE_IOERR_FSTAT,
            Self::Lock => ffi::SQLITE_IOERR_LOCK,
            Self::Unlock => ffi::SQLITE_IOERR_UNLOCK,
            Self::CheckReservedLock => ffi::SQLITE_IOERR_CHECKRESERVEDLOCK,
            Self::ShmMap => ffi::SQLITE_IOERR_SHMMAP,
            Self::ShmLock => ffi::SQLITE_IOERR_SHMLOCK,
        }
    }
}

/// How long something fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// It fails, and works again.
    Once,
    /// It fails from then on.
    Ever,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The call fails; of what was to be written, the first half is written.
    Error(Length),
    /// There is no room: a write fails, and nothing of it is written.
    Full(Length),
    /// The machine stops before the call. Whatever the process asks for afterwards fails, and changes nothing.
    PowerLoss,
}

/// The call, counted from 0 among those of these kinds, at which something happens.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// The kinds that count.
    pub calls: &'static [Call],
    /// Which of them it is.
    pub at: u64,
    /// What happens then.
    pub what: What,
}

/// How often each was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls(BTreeMap<Call, u64>);

impl Calls {
    /// Of this kind.
    pub fn of(&self, call: Call) -> u64 {
        self.0.get(&call).copied().unwrap_or(0)
    }

    /// Of all kinds.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

/// Counts calls, and says which fail.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Option<Fault>,
    seen: u64,
    calls: Calls,
    has_struck: bool,
    is_without_power: bool,
}

/// What is to become of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Done,
    /// Nothing is done, and this is the answer.
    Refused(c_int),
    /// Half of it is done, and this is the answer.
    Torn(c_int),
}

impl Faults {
    pub(crate) fn arm(&mut self, fault: Option<Fault>) {
        *self = Self { armed: fault, is_without_power: self.is_without_power, ..Self::default() };
    }

    /// Whether the armed fault has happened.
    pub(crate) fn has_struck(&self) -> bool {
        self.has_struck
    }

    /// What was asked since then.
    pub(crate) fn calls(&self) -> Calls {
        self.calls.clone()
    }

    pub(crate) fn fate(&mut self, call: Call) -> Fate {
        *self.calls.0.entry(call).or_default() += 1;
        if self.is_without_power {
            return Fate::Refused(call.error());
        }
        let Some(fault) = self.armed.filter(|fault| fault.calls.contains(&call)) else { return Fate::Done };
        let at = self.seen;
        self.seen += 1;
        let (Fault { at: from, what, .. }, length) = match fault.what {
            What::Error(length) | What::Full(length) => (fault, length),
            What::PowerLoss => (fault, Length::Ever),
        };
        if at < from || (length == Length::Once && at > from) {
            return Fate::Done;
        }
        self.has_struck = true;
        match what {
            What::Error(_) if call == Call::Write => Fate::Torn(call.error()),
            What::Error(_) => Fate::Refused(call.error()),
            What::Full(_) => Fate::Refused(ffi::SQLITE_FULL),
            What::PowerLoss => {
                self.is_without_power = true;
                Fate::Refused(call.error())
            }
        }
    }
}
