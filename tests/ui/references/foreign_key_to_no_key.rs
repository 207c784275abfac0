//! A foreign key to a column that may have duplicates.

devilmcp_migrate::migrations!("fixtures/ui/foreign_key_to_no_key");

fn main() {}
