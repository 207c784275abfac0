//! A lock file that somebody has edited.

devilmcp_migrate::migrations!("fixtures/ui/lock_written_by_hand");

fn main() {}
