//! A transaction committed.

devilmcp_migrate::migrations!("fixtures/ui/commit");

fn main() {}
