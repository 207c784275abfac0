//! A way back whose ending is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_down");

fn main() {}
