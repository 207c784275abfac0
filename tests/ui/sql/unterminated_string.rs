//! A string without its end.

devilmcp_migrate::migrations!("fixtures/ui/unterminated_string");

fn main() {}
