//! A copy of the database, from a migration that is run outside of a transaction.

devilmcp_migrate::migrations!("fixtures/ui/vacuum_into_a_file");

fn main() {}
