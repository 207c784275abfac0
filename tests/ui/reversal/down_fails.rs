//! A down that drops what is not there.

devilmcp_migrate::migrations!("fixtures/ui/down_fails");

fn main() {}
