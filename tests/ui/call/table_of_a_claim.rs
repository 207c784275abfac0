//! A history where another one notes what it has begun.

devilmcp_migrate::migrations!("fixtures/ui/path_only", table = "_devilmcp_migrations_queue_claim");

fn main() {}
