//! A file that asks nothing.

devilmcp_migrate::migrations!("fixtures/ui/then_without_a_query");

fn main() {}
