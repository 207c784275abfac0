//! A down that leaves a column behind.

devilmcp_migrate::migrations!("fixtures/ui/down_forgets_a_column");

fn main() {}
