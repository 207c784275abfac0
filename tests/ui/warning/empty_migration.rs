//! A file with nothing in it.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/empty_migration");

fn main() {}
