//! Timestamps after consecutive numbers.

devilmcp_migrate::migrations!("fixtures/ui/mixed_numbers");

fn main() {}
