//! A trigger that writes to a table that nobody makes.

devilmcp_migrate::migrations!("fixtures/ui/trigger_on_a_missing_table");

fn main() {}
