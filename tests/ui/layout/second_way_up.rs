//! Two ways up in a file.

devilmcp_migrate::migrations!("fixtures/ui/layout_second_up", layout = "goose");

fn main() {}
