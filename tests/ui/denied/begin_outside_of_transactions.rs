//! A transaction in a migration that says that it wants none.

devilmcp_migrate::migrations!("fixtures/ui/begin_outside_of_transactions");

fn main() {}
