//! A directive with a letter wrong.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_directive");

fn main() {}
