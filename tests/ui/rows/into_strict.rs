//! A rebuild into STRICT of rows that may have other types.

devilmcp_migrate::migrations!("fixtures/ui/into_strict");

fn main() {}
