//! A version that stands for no migration.

devilmcp_migrate::migrations!("fixtures/ui/layout_zero", layout = "sqlx");

fn main() {}
