//! A library's history where the program's is.

devilmcp_migrate::migrations!("fixtures/ui/path_only", table = "_devilmcp_migrations");

fn main() {}
