//! A file whose second mark is missing.

devilmcp_migrate::migrations!("fixtures/ui/layout_no_down_mark", layout = "dbmate");

fn main() {}
