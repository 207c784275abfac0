//! A level that is none.

devilmcp_migrate::migrations!("fixtures/ui/path_only", lints(missing_down = "error"));

fn main() {}
