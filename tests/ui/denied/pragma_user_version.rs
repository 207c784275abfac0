//! The version that other tools keep.

devilmcp_migrate::migrations!("fixtures/ui/pragma_user_version");

fn main() {}
