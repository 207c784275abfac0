//! A table made anew without a column that a view reads.

devilmcp_migrate::migrations!("fixtures/ui/dropped_column_of_a_view");

fn main() {}
