//! A copy that an editor left.

devilmcp_migrate::migrations!("fixtures/ui/backup_of_an_editor");

fn main() {}
