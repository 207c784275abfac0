//! A directory with a README.md alone.

devilmcp_migrate::migrations!("fixtures/ui/nothing_but_readme");

fn main() {}
