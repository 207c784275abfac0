//! A version that is no number.

devilmcp_migrate::migrations!("fixtures/ui/layout_no_number", layout = "diesel");

fn main() {}
