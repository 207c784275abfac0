//! Migrations that are written from the difference between two schemas.

mod conformance;
pub(crate) mod kept;
mod native;
mod pull;
#[cfg(target_os = "linux")]
mod questions;
mod rows;
mod verb;
