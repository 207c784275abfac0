//! An example that goes by another name than its migration.

devilmcp_migrate::migrations!("fixtures/ui/misnamed_then");

fn main() {}
