//! A word that should stand in quotes.

devilmcp_migrate::migrations!("fixtures/ui/path_only", table = _devilmcp_migrations_queue);

fn main() {}
