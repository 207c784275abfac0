//! A down that rebuilds a table without what a column had.

devilmcp_migrate::migrations!("fixtures/ui/down_changes_a_column");

fn main() {}
