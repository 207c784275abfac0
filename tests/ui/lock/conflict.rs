//! A lock file that was merged and not resolved.

devilmcp_migrate::migrations!("fixtures/ui/lock_conflict");

fn main() {}
