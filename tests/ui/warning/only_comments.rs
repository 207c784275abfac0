//! A file of comments.

#![deny(deprecated)]

devilmcp_migrate::migrations!("fixtures/ui/only_comments");

fn main() {}
