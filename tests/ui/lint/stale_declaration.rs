//! A table that was renamed, under its old name in schema.sql.

devilmcp_migrate::migrations!("fixtures/ui/stale_declaration");

fn main() {}
