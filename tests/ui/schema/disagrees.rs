//! Migrations that make something else than what is declared.

devilmcp_migrate::migrations!("fixtures/ui/schema_disagrees");

fn main() {}
