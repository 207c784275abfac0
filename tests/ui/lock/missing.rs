//! A locked migration that was deleted.

devilmcp_migrate::migrations!("fixtures/ui/locked_missing");

fn main() {}
