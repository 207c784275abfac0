//! A VACUUM.

devilmcp_migrate::migrations!("fixtures/ui/vacuum");

fn main() {}
