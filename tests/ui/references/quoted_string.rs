//! A CHECK with a misspelt column in double quotes.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/quoted_string");

fn main() {}
