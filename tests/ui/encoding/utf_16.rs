//! A file as old Windows editors save it; its down is fine.

devilmcp_migrate::migrations!("fixtures/ui/utf_16");

fn main() {}
