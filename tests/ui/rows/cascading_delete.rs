//! Rows that are kept elsewhere, and take along those that refer to them, which are not.

devilmcp_migrate::migrations!("fixtures/ui/cascading_delete");

fn main() {}
