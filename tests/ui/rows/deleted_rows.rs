//! Rows that are deleted.

devilmcp_migrate::migrations!("fixtures/ui/deleted_rows");

fn main() {}
