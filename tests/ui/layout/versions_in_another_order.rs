//! Versions that are ordered as texts.

devilmcp_migrate::migrations!("fixtures/ui/layout_texts", layout = "diesel");

fn main() {}
