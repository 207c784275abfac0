//! A down of comments.

devilmcp_migrate::migrations!("fixtures/ui/empty_down");

fn main() {}
