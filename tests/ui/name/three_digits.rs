//! A number of three digits.

devilmcp_migrate::migrations!("fixtures/ui/three_digits");

fn main() {}
