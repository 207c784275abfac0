//! UTF-16 the other way round.

devilmcp_migrate::migrations!("fixtures/ui/utf_16_big_endian");

fn main() {}
