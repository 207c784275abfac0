//! A data migration with an example, and one that is tried on empty tables.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/data_migration");

fn main() {}
