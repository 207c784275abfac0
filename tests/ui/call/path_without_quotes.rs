//! The path as a word.

devilmcp_migrate::migrations!(migrations);

fn main() {}
