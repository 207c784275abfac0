//! Columns that are declared in another order than they are made.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/schema_in_another_order");

fn main() {}
