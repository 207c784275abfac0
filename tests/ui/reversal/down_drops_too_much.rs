//! A down that drops what was there before.

devilmcp_migrate::migrations!("fixtures/ui/down_drops_too_much");

fn main() {}
