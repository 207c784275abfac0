//! A baseline with an argument.

devilmcp_migrate::migrations!("fixtures/ui/malformed_baseline");

fn main() {}
