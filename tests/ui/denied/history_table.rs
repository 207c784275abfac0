//! A table with the name of the history.

devilmcp_migrate::migrations!("fixtures/ui/history_table");

fn main() {}
