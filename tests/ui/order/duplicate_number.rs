//! A number that two migrations have, as after a merge.

devilmcp_migrate::migrations!("fixtures/ui/duplicate_number");

fn main() {}
