//! A file where there should be folders.

devilmcp_migrate::migrations!("fixtures/ui/layout_no_folder", layout = "diesel");

fn main() {}
