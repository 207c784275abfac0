//! A new computed column that must not be NULL, and is.

devilmcp_migrate::migrations!("fixtures/ui/virtual_column_that_is_null");

fn main() {}
