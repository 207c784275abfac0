//! A number that is missing, where there may be none.

devilmcp_migrate::migrations!("fixtures/ui/layout_gap", layout = "rusqlite_migration");

fn main() {}
