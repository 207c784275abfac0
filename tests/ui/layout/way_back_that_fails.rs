//! A way back that fails, between marks.

devilmcp_migrate::migrations!("fixtures/ui/layout_fails_in_a_section", layout = "goose");

fn main() {}
