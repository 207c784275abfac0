//! A layout of a tool that has no files.

devilmcp_migrate::migrations!("fixtures/ui/path_only", layout = "alembic");

fn main() {}
