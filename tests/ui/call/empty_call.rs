//! No path at all.

devilmcp_migrate::migrations!();

fn main() {}
