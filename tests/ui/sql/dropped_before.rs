//! A table that is not there any more.

devilmcp_migrate::migrations!("fixtures/ui/dropped_before");

fn main() {}
