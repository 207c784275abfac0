//! A transaction begun.

devilmcp_migrate::migrations!("fixtures/ui/begin");

fn main() {}
