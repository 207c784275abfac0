//! A column that becomes NOT NULL where there may be NULL.

devilmcp_migrate::migrations!("fixtures/ui/set_not_null");

fn main() {}
