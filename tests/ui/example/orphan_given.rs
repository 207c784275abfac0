//! An example without a migration.

devilmcp_migrate::migrations!("fixtures/ui/orphan_given");

fn main() {}
