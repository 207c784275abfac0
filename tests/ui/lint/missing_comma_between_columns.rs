//! A comma too few, which makes one column of two.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/missing_comma_between_columns");

fn main() {}
