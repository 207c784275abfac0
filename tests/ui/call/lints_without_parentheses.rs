//! Levels that are not in parentheses.

devilmcp_migrate::migrations!("fixtures/ui/path_only", lints = "warn");

fn main() {}
