//! A declared schema whose name is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_schema");

fn main() {}
