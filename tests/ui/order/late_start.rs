//! Numbers that do not begin at 1.

devilmcp_migrate::migrations!("fixtures/ui/late_start");

fn main() {}
