//! A database detached.

devilmcp_migrate::migrations!("fixtures/ui/detach");

fn main() {}
