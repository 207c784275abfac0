//! A lint without its level.

devilmcp_migrate::migrations!("fixtures/ui/path_only", lints(missing_down));

fn main() {}
