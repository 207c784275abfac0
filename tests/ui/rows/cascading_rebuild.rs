//! A table that is rebuilt while foreign keys are enforced, and takes its children along.

devilmcp_migrate::migrations!("fixtures/ui/cascading_rebuild");

fn main() {}
