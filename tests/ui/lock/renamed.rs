//! A locked migration under another name.

devilmcp_migrate::migrations!("fixtures/ui/locked_renamed");

fn main() {}
