//! A number that no migration has.

devilmcp_migrate::migrations!("fixtures/ui/gap");

fn main() {}
