//! A time that is that of the upgrade.

devilmcp_migrate::migrations!("fixtures/ui/unrepeatable_value", lints(unrepeatable_value = "deny"));

fn main() {}
