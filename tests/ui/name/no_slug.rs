//! A number without its name.

devilmcp_migrate::migrations!("fixtures/ui/no_slug");

fn main() {}
