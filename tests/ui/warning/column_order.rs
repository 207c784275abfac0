//! A down that puts a column back at the end.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/column_order");

fn main() {}
