//! A permission without its reason.

devilmcp_migrate::migrations!("fixtures/ui/allow_without_a_reason");

fn main() {}
