//! Runs migrations on a real SQLite in memory, with rows in the tables, and judges what happens.

mod agreement;
mod catalog;
mod contents;
mod culprit;
mod explain;
mod failure;
mod loss;
mod mark;
mod populate;
mod probe;
mod replay;
mod reversal;
mod shape;
mod trial;

pub use agreement::agree;
pub use catalog::{Change, Effect};
pub use replay::{Proof, replay};
