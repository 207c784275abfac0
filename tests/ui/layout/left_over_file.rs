//! A file that a merge has left over.

devilmcp_migrate::migrations!("fixtures/ui/layout_inside", layout = "diesel");

fn main() {}
