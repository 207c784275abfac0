//! A comma forgotten: SQLite takes the second column for a part of the first one's type.

devilmcp_migrate::migrations!("fixtures/ui/missing_comma");

fn main() {}
