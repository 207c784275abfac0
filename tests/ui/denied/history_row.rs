//! A row of the history deleted.

devilmcp_migrate::migrations!("fixtures/ui/history_row");

fn main() {}
