//! A directory among the migrations.

devilmcp_migrate::migrations!("fixtures/ui/subdirectory");

fn main() {}
