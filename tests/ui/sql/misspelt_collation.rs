//! A collation whose name is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_collation");

fn main() {}
