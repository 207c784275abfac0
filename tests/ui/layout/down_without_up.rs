//! A way back from nowhere.

devilmcp_migrate::migrations!("fixtures/ui/layout_orphan", layout = "diesel");

fn main() {}
