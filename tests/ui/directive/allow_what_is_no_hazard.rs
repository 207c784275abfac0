//! A permission for something that is not known.

devilmcp_migrate::migrations!("fixtures/ui/allow_what_is_no_hazard");

fn main() {}
