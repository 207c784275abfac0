//! A rebuild that renames the old table: foreign keys follow it, and point at nothing when it is dropped.

devilmcp_migrate::migrations!("fixtures/ui/renamed_parent");

fn main() {}
