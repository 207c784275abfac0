//! A column that has the name of the rowid.

devilmcp_migrate::migrations!("fixtures/ui/hidden_rowid", lints(reserved_name = "deny"));

fn main() {}
