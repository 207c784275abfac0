//! What is tried to break an upgrade: calls into the file system that fail, one after the other; disks and memory that are full;
//! power that goes; and processes that are killed.
//!
//! By default only so much is tried as fits into a minute: the first points one by one, and of the rest every so many-th.
//! `DEVILMCP_MIGRATE_FAULTS=10` tries ten times as many, and `DEVILMCP_MIGRATE_FAULTS=all` each of them.
//! `DEVILMCP_MIGRATE_KILL_ROUNDS` says how many processes are killed.

#![expect(clippy::unwrap_used, reason = "a test that cannot be prepared has failed")]

mod backup;
mod calls;
mod cost;
#[path = "../../devilmcp-migrate/benches/start/program.rs"]
#[expect(dead_code, reason = "the benchmarks use the rest")]
mod generated;
mod kills;
mod law;
mod memory;
mod power;
mod programs;
mod scenario;
mod seen;
mod size;
