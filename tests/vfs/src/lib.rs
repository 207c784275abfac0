//! What SQLite stands on, made to fail: a disk in memory of which any call can be refused and from which the power can be taken,
//! and an allocator that says no.
//!
//! The files of a [`Disk`] are in memory, so that it is known to the byte what was written, what was synced, and what was not.
//! [`memory`] stands between SQLite and the allocator that it would use otherwise.
//!
//! It is here that `unsafe` is allowed, and nowhere else: SQLite calls its VFS and its allocator through pointers.

mod disk;
mod fault;
mod file;
mod inode;
mod locks;
pub mod memory;
mod random;
mod shared;
mod vfs;

pub use disk::{Disk, Image, Survivors};
pub use fault::{Call, Calls, Fault, Length, What};
