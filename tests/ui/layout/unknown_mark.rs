//! A mark that asks for what no build can know.

devilmcp_migrate::migrations!("fixtures/ui/layout_unknown_mark", layout = "goose");

fn main() {}
