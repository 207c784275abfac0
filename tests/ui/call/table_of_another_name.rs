//! A history in a table that everybody could take for something else.

devilmcp_migrate::migrations!("fixtures/ui/path_only", table = "queue_migrations");

fn main() {}
