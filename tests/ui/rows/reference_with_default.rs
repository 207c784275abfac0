//! A new foreign key whose default has no parent.

devilmcp_migrate::migrations!("fixtures/ui/reference_with_default");

fn main() {}
