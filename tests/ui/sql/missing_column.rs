//! An index on a column that is not there.

devilmcp_migrate::migrations!("fixtures/ui/missing_column");

fn main() {}
