//! Two lints with nothing between them.

devilmcp_migrate::migrations!("fixtures/ui/path_only", lints(missing_down = "warn" hidden_drift = "deny"));

fn main() {}
