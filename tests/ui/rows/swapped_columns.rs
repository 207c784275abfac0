//! A rebuild that copies two columns into each other.

devilmcp_migrate::migrations!("fixtures/ui/swapped_columns");

fn main() {}
