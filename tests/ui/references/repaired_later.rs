//! A view that works only from the next migration on.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/repaired_later");

fn main() {}
