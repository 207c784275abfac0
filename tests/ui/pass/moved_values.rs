//! Values that move to another table, change their name, or become part of a larger value are not lost.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/moved_values");

fn main() {}
