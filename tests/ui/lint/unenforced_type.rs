//! A type that makes a number of each text that looks like one.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/unenforced_type");

fn main() {}
