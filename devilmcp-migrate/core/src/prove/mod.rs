//! Runs migrations on a real SQLite in memory, with rows in the tables, and judges what happens.

mod agreement;
mod breaking;
mod catalog;
mod cells;
mod checkpoint;
mod clock;
mod contents;
mod culprit;
mod delta;
mod dump;
mod entry;
mod example;
mod explain;
mod failure;
mod flaw;
mod foretold;
mod head;
mod insertion;
mod literal;
mod loss;
mod mark;
mod meant;
mod parents;
mod patience;
mod populate;
mod pragmas;
mod probe;
mod proof;
mod quoted;
mod references;
mod replay;
mod reversal;
mod shape;
#[cfg(test)]
mod tests;
mod trace;
mod trial;
mod unasked;
mod unprovable;

pub use agreement::{agree, declared};
pub use checkpoint::{confirm, freeze};
pub use delta::{Change, Effect};
pub use head::head;
pub use proof::Proof;
pub use replay::{judge, replay};
pub use unprovable::Unprovable;
