//! A folder where none is looked into.

devilmcp_migrate::migrations!("fixtures/ui/layout_folder", layout = "sqlx");

fn main() {}
