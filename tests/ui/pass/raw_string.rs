//! A path as a raw string.

#![deny(warnings)]

devilmcp_migrate::migrations!(r"fixtures/ui/clean_output");

fn main() {}
