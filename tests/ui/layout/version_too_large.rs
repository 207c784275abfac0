//! A version that does not fit.

devilmcp_migrate::migrations!("fixtures/ui/layout_too_large", layout = "sqlx");

fn main() {}
