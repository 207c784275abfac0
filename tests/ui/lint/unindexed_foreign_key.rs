//! A foreign key that makes each delete of a parent read all of the children.

devilmcp_migrate::migrations!("fixtures/ui/unindexed_foreign_key", lints(unindexed_foreign_key = "deny"));

fn main() {}
