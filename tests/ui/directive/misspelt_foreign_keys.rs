//! A directive that is nearly foreign_keys.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_foreign_keys");

fn main() {}
