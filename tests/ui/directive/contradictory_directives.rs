//! Two directives that say how a migration is run.

devilmcp_migrate::migrations!("fixtures/ui/contradictory_directives");

fn main() {}
