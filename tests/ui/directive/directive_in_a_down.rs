//! A directive in a down.

devilmcp_migrate::migrations!("fixtures/ui/directive_in_a_down");

fn main() {}
