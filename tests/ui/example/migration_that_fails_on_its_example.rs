//! Addresses that differ only in case, as the example says.

devilmcp_migrate::migrations!("fixtures/ui/migration_that_fails_on_its_example");

fn main() {}
