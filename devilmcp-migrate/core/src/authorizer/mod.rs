//! What a migration's script may do, and what it did.
//!
//! SQLite asks its [authorizer](https://sqlite.org/c3ref/set_authorizer.html) about every action of every statement when it
//! is prepared, so nothing has happened yet when the answer is no. The same answers are given while the crate compiles and
//! when the server applies.

mod denial;
mod pragma;
#[cfg(test)]
mod tests;
mod touched;
mod watch;
mod words;

pub use denial::Denial;
pub use touched::Touched;
pub use watch::Watch;
pub use words::may_be_denied;

pub(crate) use denial::is_history;
#[cfg(feature = "prove")]
pub(crate) use pragma::is_of_the_file;
