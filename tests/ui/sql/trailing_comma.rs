//! A comma too many.

devilmcp_migrate::migrations!("fixtures/ui/trailing_comma");

fn main() {}
