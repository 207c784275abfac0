//! One version, written in two ways.

devilmcp_migrate::migrations!("fixtures/ui/layout_duplicate", layout = "sqlx");

fn main() {}
