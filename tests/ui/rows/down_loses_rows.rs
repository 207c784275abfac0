//! A down that makes a table anew, without the rows that were in it.

devilmcp_migrate::migrations!("fixtures/ui/down_loses_rows");

fn main() {}
