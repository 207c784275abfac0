//! A number where the path belongs.

devilmcp_migrate::migrations!(1);

fn main() {}
