//! Values that are to go, for a reason.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/allowed_loss");

fn main() {}
