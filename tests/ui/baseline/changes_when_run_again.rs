//! A baseline that makes something else the second time.

devilmcp_migrate::migrations!("fixtures/ui/changes_when_run_again");

fn main() {}
