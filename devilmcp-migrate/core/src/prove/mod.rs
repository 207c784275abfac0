//! Runs migrations on a real SQLite in memory, with rows in the tables, and judges what happens.

mod agreement;
mod catalog;
mod contents;
mod culprit;
mod delta;
mod entry;
mod example;
mod explain;
mod failure;
mod flaw;
mod insertion;
mod loss;
mod mark;
mod patience;
mod populate;
mod probe;
mod quoted;
mod references;
mod replay;
mod reversal;
mod shape;
#[cfg(test)]
mod tests;
mod trial;

pub use agreement::agree;
pub use delta::{Change, Effect};
pub use replay::{Proof, replay};
