//! A line that was cut.

devilmcp_migrate::migrations!("fixtures/ui/lock_unreadable");

fn main() {}
