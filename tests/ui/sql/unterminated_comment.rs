//! A comment without its end.

devilmcp_migrate::migrations!("fixtures/ui/unterminated_comment");

fn main() {}
