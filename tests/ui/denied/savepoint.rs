//! A savepoint.

devilmcp_migrate::migrations!("fixtures/ui/savepoint");

fn main() {}
