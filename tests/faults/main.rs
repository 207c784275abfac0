//! What is tried to break an upgrade: calls into the file system that fail, one after the other, and disks that are full.
//!
//! By default only so much is tried as fits into a minute: the first calls one by one, and of the rest every so many-th.
//! `DEVILMCP_MIGRATE_FAULTS=all` tries each of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be prepared has failed")]

mod calls;
mod law;
mod programs;
mod scenario;
mod seen;
mod size;
