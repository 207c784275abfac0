//! A table whose rows cannot be told apart.

devilmcp_migrate::migrations!("fixtures/ui/missing_primary_key", lints(missing_primary_key = "deny"));

fn main() {}
