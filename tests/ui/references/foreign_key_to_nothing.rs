//! A foreign key to a table whose name is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/foreign_key_to_nothing");

fn main() {}
