//! Two answers to one question.

devilmcp_migrate::migrations!("fixtures/ui/path_only", user_version = "application", user_version = "migrations");

fn main() {}
