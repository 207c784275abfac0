//! A level as a word.

devilmcp_migrate::migrations!("fixtures/ui/path_only", lints(missing_down = warn));

fn main() {}
