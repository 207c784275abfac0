//! A migration deleted, its down forgotten.

devilmcp_migrate::migrations!("fixtures/ui/down_without_up_in_the_middle");

fn main() {}
