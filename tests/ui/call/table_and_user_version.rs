//! A library's history that wants the field of the program's.

devilmcp_migrate::migrations!("fixtures/ui/path_only", table = "_devilmcp_migrations_queue", user_version = "migrations");

fn main() {}
