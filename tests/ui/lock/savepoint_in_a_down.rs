//! A savepoint in the way back of a locked migration.

devilmcp_migrate::migrations!("fixtures/ui/locked_savepoint_in_a_down");

fn main() {}
