//! The up as sqlx and diesel name it.

devilmcp_migrate::migrations!("fixtures/ui/up_suffix");

fn main() {}
