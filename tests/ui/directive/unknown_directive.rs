//! A directive that is like no other.

devilmcp_migrate::migrations!("fixtures/ui/unknown_directive");

fn main() {}
