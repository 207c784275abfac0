//! A look at the history.

devilmcp_migrate::migrations!("fixtures/ui/history_read");

fn main() {}
