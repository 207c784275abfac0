//! A layout whose name is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/path_only", layout = "sqlxx");

fn main() {}
