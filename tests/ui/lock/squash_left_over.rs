//! A migration that was squashed, and not deleted.

devilmcp_migrate::migrations!("fixtures/ui/squash_left_over");

fn main() {}
