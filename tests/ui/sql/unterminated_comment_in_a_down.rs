//! A comment without its end, in a down.

devilmcp_migrate::migrations!("fixtures/ui/unterminated_comment_in_a_down");

fn main() {}
