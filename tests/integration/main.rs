//! The library and its example server, from outside.

mod server;
mod support;
