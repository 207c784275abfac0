//! Several numbers that no migration has.

devilmcp_migrate::migrations!("fixtures/ui/gap_of_several");

fn main() {}
