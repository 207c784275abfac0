//! A default that is not constant, which SQLite takes for empty tables only.

devilmcp_migrate::migrations!("fixtures/ui/default_that_changes");

fn main() {}
