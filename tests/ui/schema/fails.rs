//! A declared index on a column that is not.

devilmcp_migrate::migrations!("fixtures/ui/schema_fails");

fn main() {}
