//! The library and its example server, from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod command_line;
mod laws;
pub mod lints;
mod quick_start;
mod races;
mod server;
mod site;
mod support;
