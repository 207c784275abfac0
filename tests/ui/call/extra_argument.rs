//! One argument too many.

devilmcp_migrate::migrations!("fixtures/ui/path_only", "schema.sql");

fn main() {}
