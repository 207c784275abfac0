//! A file of refinery's among those of sqlx.

devilmcp_migrate::migrations!("fixtures/ui/layout_mixed", layout = "sqlx");

fn main() {}
