//! A directive after the first statement.

devilmcp_migrate::migrations!("fixtures/ui/late_directive");

fn main() {}
