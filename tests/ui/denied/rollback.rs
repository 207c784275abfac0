//! A transaction rolled back.

devilmcp_migrate::migrations!("fixtures/ui/rollback");

fn main() {}
