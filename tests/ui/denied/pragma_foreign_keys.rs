//! Foreign keys switched off, which does nothing in a transaction.

devilmcp_migrate::migrations!("fixtures/ui/pragma_foreign_keys");

fn main() {}
