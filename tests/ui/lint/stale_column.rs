//! A column that was dropped, still in schema.sql.

devilmcp_migrate::migrations!("fixtures/ui/stale_column");

fn main() {}
