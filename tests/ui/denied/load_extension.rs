//! An extension loaded.

devilmcp_migrate::migrations!("fixtures/ui/load_extension");

fn main() {}
