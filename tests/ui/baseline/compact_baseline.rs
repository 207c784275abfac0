//! A baseline that wants no transaction.

devilmcp_migrate::migrations!("fixtures/ui/compact_baseline");

fn main() {}
