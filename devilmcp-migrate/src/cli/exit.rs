//! Exit codes.

/// How a verb ends, for scripts to act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Exit {
    /// It is done, or there was nothing to do.
    Done = 0,
    /// It failed, and says where the database stands if that is not where it was.
    Failed = 1,
    /// It was called wrongly.
    Usage = 2,
    /// Something is pending, or not in order.
    Pending = 3,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
