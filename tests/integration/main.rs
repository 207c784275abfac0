//! The library and its example server, from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod adoption;
mod bad_files;
mod contradiction;
mod downgrade;
mod errors;
mod foreign_keys;
mod history;
mod lock;
mod programs;
mod quick_start;
mod server;
mod startup;
mod support;
mod upgrade;
