//! An update that sets off a trigger that deletes.

devilmcp_migrate::migrations!("fixtures/ui/trigger_that_deletes");

fn main() {}
