//! A copy of the database.

devilmcp_migrate::migrations!("fixtures/ui/vacuum_into");

fn main() {}
