//! A query over a column that is not there.

devilmcp_migrate::migrations!("fixtures/ui/then_with_a_misspelt_column");

fn main() {}
