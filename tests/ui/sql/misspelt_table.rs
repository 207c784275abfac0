//! A row for a table whose name is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_table");

fn main() {}
