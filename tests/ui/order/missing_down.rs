//! A migration without a word on its way back.

devilmcp_migrate::migrations!("fixtures/ui/missing_down");

fn main() {}
