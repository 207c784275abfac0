//! A path without a letter in it.

devilmcp_migrate::migrations!("");

fn main() {}
