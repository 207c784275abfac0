//! A row that a constraint refuses.

devilmcp_migrate::migrations!("fixtures/ui/broken_constraint");

fn main() {}
