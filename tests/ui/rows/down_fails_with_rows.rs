//! A down that works on empty tables only.

devilmcp_migrate::migrations!("fixtures/ui/down_fails_with_rows");

fn main() {}
