//! Two files whose names are one on other systems. `tests/ui.rs` makes them.

devilmcp_migrate::migrations!("fixtures/ui/case_collision");

fn main() {}
