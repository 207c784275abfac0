//! A file that stands for released migrations, and is to adopt databases as well.

devilmcp_migrate::migrations!("fixtures/ui/squashed_baseline");

fn main() {}
