//! A parameter that has a name.

devilmcp_migrate::migrations!("fixtures/ui/parameter_with_a_name");

fn main() {}
