//! A trigger reads a column that its table does not have, which SQLite finds out when it fires.

devilmcp_migrate::migrations!("fixtures/ui/trigger_of_a_missing_column");

fn main() {}
