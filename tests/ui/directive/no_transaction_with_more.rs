//! A directive with a reason, where none is read.

devilmcp_migrate::migrations!("fixtures/ui/no_transaction_with_more");

fn main() {}
