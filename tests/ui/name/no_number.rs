//! A name without its number.

devilmcp_migrate::migrations!("fixtures/ui/no_number");

fn main() {}
