//! A number beyond 64 bits.

devilmcp_migrate::migrations!("fixtures/ui/number_too_large");

fn main() {}
