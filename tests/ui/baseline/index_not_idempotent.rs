//! A baseline with one object that is made without a look.

devilmcp_migrate::migrations!("fixtures/ui/index_not_idempotent");

fn main() {}
