//! A locked migration whose way back is another.

devilmcp_migrate::migrations!("fixtures/ui/locked_down_changed");

fn main() {}
