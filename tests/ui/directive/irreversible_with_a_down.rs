//! A way back from what says that it has none.

devilmcp_migrate::migrations!("fixtures/ui/irreversible_with_a_down");

fn main() {}
