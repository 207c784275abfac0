//! Rows for a column that the migration itself makes.

devilmcp_migrate::migrations!("fixtures/ui/given_that_fails");

fn main() {}
