//! The journal mode, which is set when the database is opened.

devilmcp_migrate::migrations!("fixtures/ui/pragma_journal_mode");

fn main() {}
