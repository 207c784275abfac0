//! A statement of many lines that fails as a whole.

devilmcp_migrate::migrations!("fixtures/ui/long_statement");

fn main() {}
