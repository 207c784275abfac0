//! Rows before, and nothing that must hold after.

devilmcp_migrate::migrations!("fixtures/ui/given_without_then");

fn main() {}
