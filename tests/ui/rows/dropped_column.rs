//! A column dropped with all that is in it.

devilmcp_migrate::migrations!("fixtures/ui/dropped_column");

fn main() {}
