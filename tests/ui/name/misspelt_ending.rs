//! A migration whose ending is misspelt.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_ending");

fn main() {}
