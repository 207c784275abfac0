//! The path of a file.

devilmcp_migrate::migrations!("Cargo.toml");

fn main() {}
