//! A column that is overwritten.

devilmcp_migrate::migrations!("fixtures/ui/overwritten_column");

fn main() {}
