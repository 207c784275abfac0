//! Rows that replace each other.

devilmcp_migrate::migrations!("fixtures/ui/insert_or_replace");

fn main() {}
