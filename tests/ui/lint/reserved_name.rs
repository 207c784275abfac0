//! A table that has to stand in quotes wherever it is used.

devilmcp_migrate::migrations!("fixtures/ui/reserved_name", lints(reserved_name = "deny"));

fn main() {}
