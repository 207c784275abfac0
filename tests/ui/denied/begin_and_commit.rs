//! The pair that dumps and other tools put round a migration.

devilmcp_migrate::migrations!("fixtures/ui/begin_and_commit");

fn main() {}
