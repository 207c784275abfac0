//! A statement whose end is not marked.

devilmcp_migrate::migrations!("fixtures/ui/layout_open_statement", layout = "goose");

fn main() {}
