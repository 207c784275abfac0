//! A revision without its quotes.

devilmcp_migrate::migrations!("fixtures/ui/malformed_revision");

fn main() {}
