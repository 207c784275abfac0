//! A constant, which no macro can read.

const DIRECTORY: &str = "migrations";

devilmcp_migrate::migrations!(DIRECTORY);

fn main() {}
