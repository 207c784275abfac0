//! Rows in the declared schema.

devilmcp_migrate::migrations!("fixtures/ui/schema_with_rows");

fn main() {}
