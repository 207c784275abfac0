//! A rollback is no formality, locked or not.

devilmcp_migrate::migrations!("fixtures/ui/locked_rollback");

fn main() {}
