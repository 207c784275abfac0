//! An example that makes a table of its own.

devilmcp_migrate::migrations!("fixtures/ui/given_with_ddl");

fn main() {}
