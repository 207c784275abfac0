//! A function whose name is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_function");

fn main() {}
