//! A directory with nothing in it. `tests/ui.rs` makes it.

devilmcp_migrate::migrations!("fixtures/ui/empty_directory");

fn main() {}
