//! A rule that rows may break which are there.

devilmcp_migrate::migrations!("fixtures/ui/check_over_rows");

fn main() {}
