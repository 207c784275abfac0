//! A savepoint released.

devilmcp_migrate::migrations!("fixtures/ui/release");

fn main() {}
