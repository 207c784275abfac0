//! A directory that goes by the name of a migration.

devilmcp_migrate::migrations!("fixtures/ui/directory_named_as_a_migration");

fn main() {}
