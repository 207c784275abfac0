//! A new column whose default breaks its own CHECK.

devilmcp_migrate::migrations!("fixtures/ui/check_that_the_default_breaks");

fn main() {}
