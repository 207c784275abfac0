//! A strict table for values of a type that is not theirs.

devilmcp_migrate::migrations!("fixtures/ui/text_into_blob");

fn main() {}
