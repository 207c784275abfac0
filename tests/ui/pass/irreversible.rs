//! A migration that says there is no way back, and why.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/irreversible");

fn main() {}
