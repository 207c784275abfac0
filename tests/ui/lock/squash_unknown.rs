//! A file that stands for released migrations, without the lock file that says which.

devilmcp_migrate::migrations!("fixtures/ui/squash_unknown");

fn main() {}
