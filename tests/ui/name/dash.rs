//! A dash between number and name.

devilmcp_migrate::migrations!("fixtures/ui/dash");

fn main() {}
