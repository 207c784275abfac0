//! A unique index over what may be alike before the migration, and is not any more when it is made.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/duplicates_removed_first");

fn main() {}
