//! A way back that is not there, where a warning was asked for.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/missing_down_as_a_warning", lints(missing_down = "warn"));

fn main() {}
