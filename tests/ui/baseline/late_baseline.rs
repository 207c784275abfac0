//! A baseline that is not the first migration.

devilmcp_migrate::migrations!("fixtures/ui/late_baseline");

fn main() {}
