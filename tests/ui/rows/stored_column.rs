//! A new column that would have to be stored in every row.

devilmcp_migrate::migrations!("fixtures/ui/stored_column");

fn main() {}
