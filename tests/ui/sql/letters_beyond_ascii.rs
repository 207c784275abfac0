//! A mistake behind letters of more than one byte.

devilmcp_migrate::migrations!("fixtures/ui/letters_beyond_ascii");

fn main() {}
