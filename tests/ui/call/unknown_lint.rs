//! A lint that is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/path_only", lints(unindexed_foriegn_key = "deny"));

fn main() {}
