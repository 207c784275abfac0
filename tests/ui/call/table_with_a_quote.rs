//! A name that would end another.

devilmcp_migrate::migrations!("fixtures/ui/path_only", table = "_devilmcp_migrations_queue\"x");

fn main() {}
