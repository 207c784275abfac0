//! The example server, started as a program and driven as an MCP client drives it: lines of JSON-RPC on its standard
//! input and output.

mod client;
mod project;
mod start;
mod tools;
