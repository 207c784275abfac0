//! A file without a mark.

devilmcp_migrate::migrations!("fixtures/ui/layout_no_mark", layout = "goose");

fn main() {}
