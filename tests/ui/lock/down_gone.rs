//! A locked migration whose way back was deleted.

devilmcp_migrate::migrations!("fixtures/ui/locked_down_gone");

fn main() {}
