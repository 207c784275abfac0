//! A down that leaves an index behind.

devilmcp_migrate::migrations!("fixtures/ui/down_forgets_an_index");

fn main() {}
