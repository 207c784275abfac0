//! A new column in the definition of a table that is there already.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/ignored_definition");

fn main() {}
