//! An index with which another begins.

devilmcp_migrate::migrations!("fixtures/ui/prefix_index", lints(prefix_index = "deny"));

fn main() {}
