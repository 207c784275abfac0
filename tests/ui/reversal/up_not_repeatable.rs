//! A down that leaves rows at which the migration stumbles when it comes again.

devilmcp_migrate::migrations!("fixtures/ui/up_not_repeatable");

fn main() {}
