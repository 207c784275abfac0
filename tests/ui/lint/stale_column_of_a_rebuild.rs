//! A rebuild leaves a column out, and schema.sql still declares it, and an index over it.

devilmcp_migrate::migrations!("fixtures/ui/stale_column_of_a_rebuild");

fn main() {}
