//! A `;` forgotten between two statements.

devilmcp_migrate::migrations!("fixtures/ui/missing_semicolon");

fn main() {}
