//! A table made twice.

devilmcp_migrate::migrations!("fixtures/ui/table_exists");

fn main() {}
