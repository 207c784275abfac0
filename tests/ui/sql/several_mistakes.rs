//! A mistake in each of three files: all are reported at once.

devilmcp_migrate::migrations!("fixtures/ui/several_mistakes");

fn main() {}
