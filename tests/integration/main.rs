//! The library and its example server, from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod prover;
mod quick_start;
mod server;
mod support;
