//! A keyword with two letters swapped.

devilmcp_migrate::migrations!("fixtures/ui/syntax_error");

fn main() {}
