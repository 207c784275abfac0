//! The library and its example server, from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod adoption;
mod authoring;
mod autogenerate;
mod awaited;
mod backup;
mod bad_files;
mod beginning;
mod cancel;
mod changes;
mod checkpoint;
mod cluster;
mod coming_from;
mod command_line;
mod contradiction;
mod crates;
mod directory;
mod downgrade;
mod drawing;
mod drift;
mod errors;
mod events;
mod explained;
mod fleet;
mod foreign_keys;
#[path = "../../devilmcp-migrate/benches/start/program.rs"]
#[expect(dead_code, reason = "the benchmarks use the rest")]
mod generated;
mod history;
mod hooks;
mod hostile;
mod imported;
mod interrupted;
mod laws;
mod linting;
pub mod lints;
mod litestream;
mod lock;
mod memory;
mod mutants;
mod newer;
mod no_transaction;
mod offline;
mod other_tools;
#[path = "../panics.rs"]
mod panics;
mod programs;
mod project;
mod prover;
mod quick_start;
mod races;
mod renumbering;
mod rollback_of_a_deployment;
mod segments;
mod server;
mod several_histories;
mod site;
mod sourceless;
mod squashing;
mod stamping;
mod startup;
mod summary;
mod support;
#[cfg(target_os = "linux")]
mod terminal;
mod traced;
mod upgrade;
mod verbs;
mod whole_loop;
