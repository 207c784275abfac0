//! A statement that takes whatever table is there for the one that it would make.

devilmcp_migrate::migrations!("fixtures/ui/hidden_drift", lints(hidden_drift = "deny"));

fn main() {}
