//! A table dropped with all that is in it.

devilmcp_migrate::migrations!("fixtures/ui/dropped_table");

fn main() {}
