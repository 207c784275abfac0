//! A baseline that makes its table anew, and so loses the rows of a database that existed before.

devilmcp_migrate::migrations!("fixtures/ui/baseline_over_rows");

fn main() {}
