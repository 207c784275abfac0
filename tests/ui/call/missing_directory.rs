//! The path of a directory that is not there.

devilmcp_migrate::migrations!("fixtures/ui/nowhere");

fn main() {}
