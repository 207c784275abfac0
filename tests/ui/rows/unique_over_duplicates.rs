//! A unique index over rows that may be alike.

devilmcp_migrate::migrations!("fixtures/ui/unique_over_duplicates");

fn main() {}
