//! A level that is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/path_only", lints(missing_down = "wran"));

fn main() {}
