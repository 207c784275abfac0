//! A misspelt keyword that SQLite takes for a name: it points at what comes after it.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_keyword_before");

fn main() {}
