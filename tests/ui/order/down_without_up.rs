//! A down where there is no migration.

devilmcp_migrate::migrations!("fixtures/ui/down_without_up");

fn main() {}
