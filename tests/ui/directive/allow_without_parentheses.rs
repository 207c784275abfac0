//! A permission that does not say for what.

devilmcp_migrate::migrations!("fixtures/ui/allow_without_parentheses");

fn main() {}
