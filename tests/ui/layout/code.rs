//! A migration in Rust.

devilmcp_migrate::migrations!("fixtures/ui/layout_code", layout = "refinery");

fn main() {}
