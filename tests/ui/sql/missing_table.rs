//! A row for a table that is not there.

devilmcp_migrate::migrations!("fixtures/ui/missing_table");

fn main() {}
