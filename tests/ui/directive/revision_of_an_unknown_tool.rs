//! A revision of a tool that is not known.

devilmcp_migrate::migrations!("fixtures/ui/revision_of_an_unknown_tool");

fn main() {}
