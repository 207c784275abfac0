//! No journal at all, where the next migration may have to be rolled back.

devilmcp_migrate::migrations!("fixtures/ui/journal_off");

fn main() {}
