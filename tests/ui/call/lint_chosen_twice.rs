//! Two levels for one lint.

devilmcp_migrate::migrations!("fixtures/ui/path_only", lints(missing_down = "warn", missing_down = "deny"));

fn main() {}
