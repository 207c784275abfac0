//! A word that should stand in quotes.

devilmcp_migrate::migrations!("fixtures/ui/path_only", user_version = application);

fn main() {}
