//! Rows that another row stands in the way of are left out without a word.

devilmcp_migrate::migrations!("fixtures/ui/insert_or_ignore");

fn main() {}
