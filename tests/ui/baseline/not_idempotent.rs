//! A baseline that cannot run where its tables are.

devilmcp_migrate::migrations!("fixtures/ui/not_idempotent");

fn main() {}
