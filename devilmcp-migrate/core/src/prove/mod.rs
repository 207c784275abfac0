//! Runs migrations on a real SQLite in memory and judges what happens.

mod catalog;
mod explain;
mod replay;
mod reversal;

pub use catalog::{Change, Effect};
pub use replay::{Proof, replay};
