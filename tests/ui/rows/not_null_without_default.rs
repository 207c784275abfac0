//! A column that must have a value, and has none where rows are.

devilmcp_migrate::migrations!("fixtures/ui/not_null_without_default");

fn main() {}
