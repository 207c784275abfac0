//! A file that is no migration.

devilmcp_migrate::migrations!("fixtures/ui/unknown_file");

fn main() {}
