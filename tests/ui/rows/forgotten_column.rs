//! A rebuild that forgets to copy a column.

devilmcp_migrate::migrations!("fixtures/ui/forgotten_column");

fn main() {}
