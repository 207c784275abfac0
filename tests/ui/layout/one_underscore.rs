//! A name with one underscore.

devilmcp_migrate::migrations!("fixtures/ui/layout_other_name", layout = "refinery");

fn main() {}
