//! Another database attached.

devilmcp_migrate::migrations!("fixtures/ui/attach");

fn main() {}
