//! A call of another macro, which is not expanded before this one.

devilmcp_migrate::migrations!(concat!("fix", "tures"));

fn main() {}
