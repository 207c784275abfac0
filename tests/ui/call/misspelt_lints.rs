//! Something else than lints.

devilmcp_migrate::migrations!("fixtures/ui/path_only", lint(missing_down = "warn"));

fn main() {}
