//! Rows that point at others which are deleted.

devilmcp_migrate::migrations!("fixtures/ui/orphaned_rows");

fn main() {}
