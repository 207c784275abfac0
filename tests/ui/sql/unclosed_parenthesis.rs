//! A parenthesis that is not closed.

devilmcp_migrate::migrations!("fixtures/ui/unclosed_parenthesis");

fn main() {}
