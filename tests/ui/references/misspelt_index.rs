//! An index over a misspelt column in double quotes.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_index");

fn main() {}
