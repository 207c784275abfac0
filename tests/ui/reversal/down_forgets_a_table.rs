//! A down that leaves a table behind.

devilmcp_migrate::migrations!("fixtures/ui/down_forgets_a_table");

fn main() {}
