//! The schema made writable.

devilmcp_migrate::migrations!("fixtures/ui/pragma_writable_schema");

fn main() {}
