//! An apostrophe in a string, which ends it.

devilmcp_migrate::migrations!("fixtures/ui/apostrophe");

fn main() {}
