//! A new column whose default is computed.

devilmcp_migrate::migrations!("fixtures/ui/default_expression");

fn main() {}
