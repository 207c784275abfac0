//! A transaction committed in a down.

devilmcp_migrate::migrations!("fixtures/ui/commit_in_a_down");

fn main() {}
