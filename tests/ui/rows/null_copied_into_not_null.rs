//! A rebuild that has no place for a row without a value.

devilmcp_migrate::migrations!("fixtures/ui/null_copied_into_not_null");

fn main() {}
