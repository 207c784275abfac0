//! A layout as a word.

devilmcp_migrate::migrations!("fixtures/ui/path_only", layout = sqlx);

fn main() {}
