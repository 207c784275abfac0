//! An example that shows a mistake: a space is left behind each first name.

devilmcp_migrate::migrations!("fixtures/ui/failing_then");

fn main() {}
