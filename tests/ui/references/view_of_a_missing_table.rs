//! A view over a table whose name is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/view_of_a_missing_table");

fn main() {}
