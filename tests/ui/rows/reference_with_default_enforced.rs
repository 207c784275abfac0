//! A new foreign key with a default, which SQLite does not take where keys are enforced and rows are.

devilmcp_migrate::migrations!("fixtures/ui/reference_with_default_enforced");

fn main() {}
