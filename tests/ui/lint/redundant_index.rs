//! An index over a column that is UNIQUE, and so has one already.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/redundant_index");

fn main() {}
