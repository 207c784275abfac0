//! A parameter, for which nobody has a value.

devilmcp_migrate::migrations!("fixtures/ui/parameter");

fn main() {}
