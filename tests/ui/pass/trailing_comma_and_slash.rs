//! A path with a `/` at its end, and a call with a comma.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/clean_output/",);

fn main() {}
