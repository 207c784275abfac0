//! A directive without a word.

devilmcp_migrate::migrations!("fixtures/ui/empty_directive");

fn main() {}
