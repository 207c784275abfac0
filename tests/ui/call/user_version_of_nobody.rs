//! A field of the header that is said to be neither of the two who may use it.

devilmcp_migrate::migrations!("fixtures/ui/path_only", user_version = "mine");

fn main() {}
