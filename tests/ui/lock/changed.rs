//! A locked migration that says something else than when it was released.

devilmcp_migrate::migrations!("fixtures/ui/locked_changed");

fn main() {}
