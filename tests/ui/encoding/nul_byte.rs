//! A NUL byte in a string.

devilmcp_migrate::migrations!("fixtures/ui/nul_byte");

fn main() {}
