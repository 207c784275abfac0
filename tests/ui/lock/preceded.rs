//! A new migration that was put before a locked one.

devilmcp_migrate::migrations!("fixtures/ui/locked_preceded");

fn main() {}
