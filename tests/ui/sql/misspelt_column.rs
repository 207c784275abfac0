//! A column whose name is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_column");

fn main() {}
