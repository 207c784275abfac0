//! A trigger without its END.

devilmcp_migrate::migrations!("fixtures/ui/trigger_without_end");

fn main() {}
