//! A name in camel case.

devilmcp_migrate::migrations!("fixtures/ui/upper_case");

fn main() {}
