//! A checkpoint that somebody has edited.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/checkpoint_changed");

fn main() {}
