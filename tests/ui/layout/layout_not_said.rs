//! A directory of Diesel, and nobody says so.

devilmcp_migrate::migrations!("fixtures/ui/layout_unsaid");

fn main() {}
