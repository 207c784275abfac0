//! Letters that SQLite takes for small ones.

devilmcp_migrate::migrations!("fixtures/ui/path_only", table = "_devilmcp_migrations_Queue");

fn main() {}
