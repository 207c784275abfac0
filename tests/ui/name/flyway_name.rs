//! A name as Flyway wants it.

devilmcp_migrate::migrations!("fixtures/ui/flyway_name");

fn main() {}
